namespace ModelBuild.Compression.Signatures;

/// <summary>What a row of class scores is.</summary>
public enum ScoreKind
{
    /// <summary>Numbers whose softmax is the probability of each class.</summary>
    Logits,

    /// <summary>Probabilities.</summary>
    Probabilities,

    /// <summary>Logarithms of probabilities.</summary>
    LogProbabilities,
}
