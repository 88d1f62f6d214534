namespace ModelBuild.Compression.Pipeline;

/// <summary>How far a layer of an <c>int8</c> model has been returned to what it was.</summary>
internal enum LayerState
{
    /// <summary>It computes in integers.</summary>
    Integer,

    /// <summary>It computes in float, and its weights are stored in int8.</summary>
    Stored,

    /// <summary>It is what it was.</summary>
    Float,
}
