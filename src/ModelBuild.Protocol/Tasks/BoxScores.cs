namespace ModelBuild.Protocol;

/// <summary>Specifies how the values of a detector's output are converted to scores from 0 to 1.</summary>
internal enum BoxScores
{
    /// <summary>The values are scores from 0 to 1 already.</summary>
    Probabilities,

    /// <summary>Each score is the sigmoid of a value.</summary>
    Sigmoid,

    /// <summary>The scores are the softmax over the classes of a box.</summary>
    Softmax,
}
