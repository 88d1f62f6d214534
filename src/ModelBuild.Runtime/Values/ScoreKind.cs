using System.ComponentModel;

namespace ModelBuild.Runtime;

/// <summary>What a row of class scores is. For generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public enum ScoreKind
{
    /// <summary>Numbers whose softmax is the probability of each class.</summary>
    Logits,

    /// <summary>Probabilities.</summary>
    Probabilities,

    /// <summary>Logarithms of probabilities.</summary>
    LogProbabilities,
}
