namespace ModelBuild.Protocol;

/// <summary>Specifies the kind of a file of data.</summary>
internal enum DataKind
{
    /// <summary>The file has arrays with the names of the model's inputs.</summary>
    Arrays,

    /// <summary>The file is a picture.</summary>
    Pictures,

    /// <summary>The file is a sound recording.</summary>
    Sounds,

    /// <summary>The file has a text in each line.</summary>
    Texts,

    /// <summary>The file is a table of texts, or of the names of other files.</summary>
    Tables,
}
