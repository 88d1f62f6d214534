namespace ModelBuild.Compression.Training.Graphs;

/// <summary>The gradients that a training graph computes.</summary>
internal enum GradientKind
{
    /// <summary>None: the graph only measures the loss.</summary>
    None,

    /// <summary>Those of the parameters.</summary>
    Parameters,

    /// <summary>Those of the float32 inputs of the model.</summary>
    Inputs,
}
