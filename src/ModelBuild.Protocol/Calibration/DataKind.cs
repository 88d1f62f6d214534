namespace ModelBuild.Protocol;

/// <summary>The kinds of files that data may have.</summary>
internal enum DataKind
{
    /// <summary>Arrays with the names of the model's inputs.</summary>
    Arrays,

    /// <summary>Pictures.</summary>
    Pictures,

    /// <summary>Recordings.</summary>
    Sounds,

    /// <summary>Sentences.</summary>
    Texts,

    /// <summary>Tables of texts, or of the names of other files.</summary>
    Tables,
}
