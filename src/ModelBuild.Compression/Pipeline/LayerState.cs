namespace ModelBuild.Compression.Pipeline;

/// <summary>Specifies which parts of a layer of an <c>int8</c> model are restored to float.</summary>
internal enum LayerState
{
    /// <summary>The layer computes in integers.</summary>
    Integer,

    /// <summary>The layer computes in float, and its weights are stored in int8.</summary>
    Stored,

    /// <summary>The layer computes in float with float weights, as in the original.</summary>
    Float,
}
