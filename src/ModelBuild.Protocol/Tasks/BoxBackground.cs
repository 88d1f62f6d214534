namespace ModelBuild.Protocol;

/// <summary>Specifies the class of a detector that means that there is no object (the background).</summary>
internal enum BoxBackground
{
    /// <summary>The first class is the background if there is one score more than there are labels, or if there are two scores and no labels.</summary>
    Automatic,

    /// <summary>No class is the background.</summary>
    None,

    /// <summary>The first class is the background.</summary>
    First,

    /// <summary>The last class is the background.</summary>
    Last,
}
