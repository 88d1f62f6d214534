namespace ModelBuild.Compression.Signatures;

/// <summary>The meaning of class scores.</summary>
internal enum ScoreKind
{
    /// <summary>Numbers whose softmax gives the probabilities of the classes.</summary>
    Logits,

    /// <summary>Probabilities of the classes, from 0 to 1.</summary>
    Probabilities,

    /// <summary>Logarithms of the probabilities of the classes.</summary>
    LogProbabilities,
}
