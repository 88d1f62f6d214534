namespace ModelBuild.Compression.Training.Graphs;

/// <summary>Specifies the gradients that a training graph computes.</summary>
internal enum GradientKind
{
    /// <summary>The graph computes no gradients and only measures the loss.</summary>
    None,

    /// <summary>The graph computes the gradients of the parameters.</summary>
    Parameters,

    /// <summary>The graph computes the gradients of the float32 inputs of the model.</summary>
    Inputs,
}
