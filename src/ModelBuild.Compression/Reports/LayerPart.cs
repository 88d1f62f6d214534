namespace ModelBuild.Compression.Reports;

/// <summary>The part of a quantized layer that a search moves back to float.</summary>
internal enum LayerPart
{
    /// <summary>The layer computes in float, and its weights stay stored in int8.</summary>
    Activations,

    /// <summary>The weights of a layer whose activations are already float.</summary>
    Weights,

    /// <summary>The activations and the weights of a layer at once.</summary>
    Layer,
}
