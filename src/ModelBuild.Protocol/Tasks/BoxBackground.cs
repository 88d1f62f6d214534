namespace ModelBuild.Protocol;

/// <summary>The class of a detector that means that there is no object.</summary>
internal enum BoxBackground
{
    /// <summary>It is the first class if there is one score more than there are labels, or if there are two scores and no labels.</summary>
    Automatic,

    /// <summary>There is no such class.</summary>
    None,

    /// <summary>It is the first class.</summary>
    First,

    /// <summary>It is the last class.</summary>
    Last,
}
