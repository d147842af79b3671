//! The styles in which lists and structs are written in a query.

/// How the lists, maps and structs of a query parameter are written.
///
/// Every style writes a scalar as `name=value`, leaves out `None` and empty lists, and takes a list of pairs for a map.
/// All but `DeepObject` and `Dots` write the fields of a map or struct under their own names, and refuse what nests deeper
/// than a list in one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum QueryStyle {
    /// `ids=1&ids=2`: the default.
    #[default]
    Repeat,
    /// `ids=1,2`. A comma inside an item is `%2C`.
    Csv,
    /// `ids=1%202`. An item that holds a space is an error, since it would be read as two.
    Space,
    /// `ids=1%7C2`. An item that holds a `|` is an error, since it would be read as two.
    Pipe,
    /// `ids[]=1&ids[]=2`, with the brackets encoded.
    Brackets,
    /// `filter[state]=open`, `filter[a][b]=1`, and `filter[labels][]=x` for lists, with the brackets encoded. A key that
    /// holds a bracket is an error.
    DeepObject,
    /// `filter.state=open`, `filter.a.b=1`; lists repeat the name. A key that holds a dot is an error.
    Dots,
}

impl QueryStyle {
    /// What stands between the items of a list that is one value.
    pub(crate) fn separator(self) -> Option<&'static str> {
        match self {
            Self::Csv => Some(","),
            Self::Space => Some("%20"),
            Self::Pipe => Some("%7C"),
            Self::Repeat | Self::Brackets | Self::DeepObject | Self::Dots => None,
        }
    }

    /// Whether maps may stand inside maps.
    pub(crate) fn nests(self) -> bool {
        matches!(self, Self::DeepObject | Self::Dots)
    }

    /// Whether the name of a list ends with `[]`.
    pub(crate) fn marks_lists(self) -> bool {
        matches!(self, Self::Brackets | Self::DeepObject)
    }

    /// The name of the entry `key` of a map called `name`; `None` if the key could be taken for another place.
    pub(crate) fn entry(self, name: &str, key: &str) -> Option<String> {
        match self {
            Self::DeepObject if key.contains(['[', ']']) => None,
            Self::DeepObject => Some([name, "[", key, "]"].concat()),
            Self::Dots if key.contains('.') => None,
            Self::Dots => Some([name, ".", key].concat()),
            _ => Some(key.to_owned()),
        }
    }
}
