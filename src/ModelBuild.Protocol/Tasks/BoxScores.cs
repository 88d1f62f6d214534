namespace ModelBuild.Protocol;

/// <summary>Specifies how the scores of a detector's output become scores from 0 to 1.</summary>
internal enum BoxScores
{
    /// <summary>They are such scores.</summary>
    Probabilities,

    /// <summary>The sigmoid of each one.</summary>
    Sigmoid,

    /// <summary>The softmax over the classes of a box.</summary>
    Softmax,
}
