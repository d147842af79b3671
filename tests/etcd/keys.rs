//! Keys: written, read alone and in ranges, deleted.

use crate::api::{Blob, DeleteRange, Int, Kv as _, KvClient, Order, Put, Range, Target, behind};
use crate::{Outcome, kv, trials};

trials!(
    a_value_is_read_as_it_was_written bytes_of_every_value_survive the_one_before_is_given_back
    a_prefix_is_a_range a_limit_says_that_there_is_more ranges_are_sorted_as_asked
    a_range_is_deleted_with_what_it_held
);

async fn a_value_is_read_as_it_was_written() -> Outcome {
    let kv = kv()?;
    assert_eq!(kv.value("alone/nothing").await?, None);
    for value in ["one", "two", "", "snow \u{2603}"] {
        kv.put(&Put::new("alone/key", value)).await?;
        assert_eq!(kv.value("alone/key").await?.as_deref(), Some(value));
    }
    Ok(())
}

async fn bytes_of_every_value_survive() -> Outcome {
    let kv = kv()?;
    let all = Blob((0..=u8::MAX).collect());
    let key = Blob([b"bytes/".as_slice(), &all.0].concat());
    kv.put(&Put { key: key.clone(), value: all.clone(), ..Put::default() }).await?;
    let answer = kv.range(&Range { key: key.clone(), ..Range::default() }).await?;
    let [pair] = &answer.kvs[..] else { return Err(format!("{answer:?}").into()) };
    assert_eq!((&pair.key, &pair.value, pair.version), (&key, &all, Int(1)));

    let large = "x".repeat(1 << 20);
    kv.put(&Put::new("bytes/large", &large)).await?;
    assert!(kv.value("bytes/large").await?.is_some_and(|value| value == large));
    Ok(())
}

async fn the_one_before_is_given_back() -> Outcome {
    let kv = kv()?;
    let put = |value| Put { prev_kv: true, ..Put::new("before/key", value) };
    let first = kv.put(&put("one")).await?;
    assert_eq!(first.prev_kv, None);
    let second = kv.put(&put("two")).await?;
    let before = second.prev_kv.ok_or("nothing before")?;
    assert_eq!((before.value, before.version), ("one".into(), Int(1)));
    assert_eq!((before.create_revision, before.mod_revision), (first.header.revision, first.header.revision));
    assert!(second.header.revision > first.header.revision);
    Ok(())
}

/// Three keys in a folder, whose values are in another order, and one behind the folder.
async fn filled(folder: &str) -> Outcome<KvClient> {
    let kv = kv()?;
    for (name, value) in [("b", "2"), ("c", "1"), ("a", "3")] {
        kv.put(&Put::new(&format!("{folder}/{name}"), value)).await?;
    }
    kv.put(&Put::new(&format!("{folder}0"), "outside")).await?;
    Ok(kv)
}

async fn a_prefix_is_a_range() -> Outcome {
    let kv = filled("prefix").await?;
    let answer = kv.range(&Range::prefix("prefix/")).await?;
    assert_eq!(answer.keys(), ["prefix/a", "prefix/b", "prefix/c"]);
    assert_eq!((answer.count, answer.more), (Int(3), false));

    let names = kv.range(&Range { keys_only: true, ..Range::prefix("prefix/") }).await?;
    assert!(names.kvs.iter().all(|pair| pair.value == Blob::default()), "{names:?}");
    let counted = kv.range(&Range { count_only: true, ..Range::prefix("prefix/") }).await?;
    assert_eq!((counted.count, counted.kvs.len()), (Int(3), 0));
    Ok(())
}

async fn a_limit_says_that_there_is_more() -> Outcome {
    let kv = filled("limit").await?;
    let page = kv.range(&Range { limit: Int(2), ..Range::prefix("limit/") }).await?;
    assert_eq!((page.keys(), page.more), (vec!["limit/a".to_owned(), "limit/b".to_owned()], true));
    assert_eq!(page.count, Int(3), "of all, not of this page");
    let rest = Range { limit: Int(2), end: behind("limit/"), ..Range::of("limit/b\0") };
    let page = kv.range(&rest).await?;
    assert_eq!((page.keys(), page.more), (vec!["limit/c".to_owned()], false));
    Ok(())
}

async fn ranges_are_sorted_as_asked() -> Outcome {
    let kv = filled("sort").await?;
    for (sort_target, sort_order, expected) in [
        (Target::Key, Order::Descend, ["sort/c", "sort/b", "sort/a"]),
        (Target::Value, Order::Ascend, ["sort/c", "sort/b", "sort/a"]),
        (Target::Value, Order::Descend, ["sort/a", "sort/b", "sort/c"]),
        (Target::Create, Order::Ascend, ["sort/b", "sort/c", "sort/a"]),
    ] {
        let answer = kv.range(&Range { sort_order, sort_target, ..Range::prefix("sort/") }).await?;
        assert_eq!(answer.keys(), expected);
    }
    Ok(())
}

async fn a_range_is_deleted_with_what_it_held() -> Outcome {
    let kv = filled("delete").await?;
    let all = DeleteRange { key: "delete/".into(), end: behind("delete/"), prev_kv: true };
    let gone = kv.delete_range(&all).await?;
    assert_eq!(gone.deleted, Int(3));
    let values: Vec<_> = gone.prev_kvs.iter().map(|pair| pair.value.to_string()).collect();
    assert_eq!(values, ["3", "2", "1"]);
    let again = kv.delete_range(&all).await?;
    assert_eq!((again.deleted, again.prev_kvs.len()), (Int(0), 0));
    assert_eq!(kv.range(&Range::prefix("delete/")).await?.count, Int(0));
    assert_eq!(kv.value("delete0").await?.as_deref(), Some("outside"));
    Ok(())
}
