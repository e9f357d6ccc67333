use super::*;

/// A list that is long enough; its words are numbers.
fn list() -> Vec<String> {
    (0..LIST_WORDS).map(|number| format!("w{number}")).collect()
}

fn as_strs(list: &[String]) -> Vec<&str> {
    list.iter().map(String::as_str).collect()
}

#[test]
fn a_passphrase_is_five_words_of_a_long_list() {
    let list = list();
    let mut number = 0;
    let drawn = Passphrase::drawn(&as_strs(&list), || {
        number += 1;
        number
    });
    let words: Vec<_> = drawn.unwrap().words().map(str::to_owned).collect();
    assert_eq!(words, ["w1", "w2", "w3", "w4", "w5"]);
    assert!(Passphrase::drawn(&as_strs(&list[1..]), || 0).is_err());
    let mut doubled = as_strs(&list);
    doubled[0] = doubled[1];
    assert!(Passphrase::drawn(&doubled, || 0).is_err());
}

#[test]
fn no_word_is_likelier_than_another() {
    let list = list();
    // Above the last whole multiple the first words would come once more.
    let mut numbers = [u32::MAX, 0, 1, 2, 3, 4].into_iter();
    let drawn = Passphrase::drawn(&as_strs(&list), || numbers.next().unwrap()).unwrap();
    assert_eq!(
        drawn.words().next(),
        Some("w0"),
        "the number that is too large is drawn anew"
    );
}

#[test]
fn a_word_that_reads_as_two_is_drawn_anew() {
    let list = list();
    let mut words = as_strs(&list);
    words[2] = "yo-yo";
    let mut number = 0;
    let drawn = Passphrase::drawn(&words, || {
        number += 1;
        number
    });
    let drawn: Vec<_> = drawn.unwrap().words().map(str::to_owned).collect();
    assert_eq!(drawn, ["w1", "w3", "w4", "w5", "w6"]);
    // A list of many such words is none: five of the others would be weaker.
    let many: Vec<String> = list.iter().map(|word| format!("{word}-{word}")).collect();
    assert!(Passphrase::drawn(&as_strs(&many), || 0).is_err());
}

#[test]
fn capitals_spaces_and_hyphens_make_no_other_passphrase() {
    let plain = Passphrase::typed("trowel lantern copper meadow finch");
    for typed in [
        "Trowel lantern copper meadow finch ",
        "  TROWEL  LANTERN\tCOPPER MEADOW\nFINCH",
        "trowel-lantern-copper-meadow-finch",
    ] {
        assert_eq!(Passphrase::typed(typed), plain, "{typed:?}");
    }
    assert_ne!(
        Passphrase::typed("trowellantern copper meadow finch"),
        plain
    );
}

const OF_THEIR_OWN: &str =
    "My aunt hid eleven green teapots under that crooked pear tree, then forgot every single one";

#[test]
fn a_sentence_of_their_own_is_as_long_as_five_words_are_hard_to_guess() {
    let own = Passphrase::own(OF_THEIR_OWN).unwrap();
    assert_eq!(own, Passphrase::typed(&OF_THEIR_OWN.to_uppercase()));
    let easy = |text: &str| Passphrase::own(text).unwrap_err();
    assert_eq!(
        easy("trowel lantern copper meadow finch"),
        EasyToGuess {
            letters: 29,
            words: 5
        }
    );
    // The same word again, a letter that is held down, and signs add nothing.
    assert_eq!(
        easy(&"Trowel trowel, ".repeat(40)),
        EasyToGuess {
            letters: 12,
            words: 2
        }
    );
    assert_eq!(
        easy(&format!("{} !!! ???", "a".repeat(99))),
        EasyToGuess {
            letters: 1,
            words: 1
        }
    );
    // A long row of letters is no sentence, however long.
    assert_eq!(
        easy(&"abcdefghij".repeat(20)),
        EasyToGuess {
            letters: 200,
            words: 1
        }
    );
}

#[test]
fn exactly_as_many_letters_and_words_as_are_asked_for_do() {
    // Nine words of six letters and one of eleven.
    let words: Vec<String> = (0..9_u8)
        .map(|n| format!("abcde{}", char::from(b'f' + n)))
        .chain(["abcdefghijk".to_owned()])
        .collect();
    assert_eq!(
        (words.len(), words.concat().len()),
        (OWN_WORDS, OWN_LETTERS)
    );
    assert!(Passphrase::own(&words.join(" ")).is_ok());
    assert!(
        Passphrase::own(&words.join(" ")[1..]).is_err(),
        "a letter less"
    );
    let fewer = format!("{} {}", words[..2].concat(), words[2..].join(" "));
    assert!(Passphrase::own(&fewer).is_err(), "a word less");
}

#[test]
fn a_list_may_have_a_few_words_that_read_as_two() {
    let with = |hyphened: usize| -> Vec<String> {
        let word = |(place, word): (usize, String)| match place < hyphened {
            true => format!("{word}-{word}"),
            false => word,
        };
        list().into_iter().enumerate().map(word).collect()
    };
    let drawn = |list: &[String]| Passphrase::drawn(&as_strs(list), || 5_000);
    assert!(drawn(&with(HYPHENED_MAX)).is_ok());
    assert!(drawn(&with(HYPHENED_MAX + 1)).is_err());
}

#[test]
fn every_number_below_the_last_whole_multiple_counts() {
    let list = list();
    let words = u32::try_from(LIST_WORDS).unwrap();
    let whole = u32::MAX / words * words;
    let first = |numbers: [u32; 6]| {
        let mut numbers = numbers.into_iter();
        let drawn = Passphrase::drawn(&as_strs(&list), || numbers.next().unwrap()).unwrap();
        drawn.words().next().unwrap().to_owned()
    };
    assert_eq!(first([whole - 1, 1, 2, 3, 4, 5]), format!("w{}", words - 1));
    assert_eq!(first([whole, 1, 2, 3, 4, 5]), "w1", "it is drawn anew");
    assert_eq!(first([words + 7, 1, 2, 3, 4, 5]), "w7");
}
