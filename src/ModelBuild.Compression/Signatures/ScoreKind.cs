namespace ModelBuild.Compression.Signatures;

/// <summary>The meaning of class scores.</summary>
internal enum ScoreKind
{
    /// <summary>Numbers whose softmax gives the probabilities of the classes.</summary>
    Logits,

    /// <summary>Probabilities.</summary>
    Probabilities,

    /// <summary>Logarithms of probabilities.</summary>
    LogProbabilities,
}
