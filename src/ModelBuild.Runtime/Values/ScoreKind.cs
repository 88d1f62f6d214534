using System.ComponentModel;

namespace ModelBuild.Runtime;

/// <summary>Specifies the meaning of the elements in a row of class scores. Generated code uses this enumeration.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public enum ScoreKind
{
    /// <summary>The elements are logits: their softmax is the probability of each class.</summary>
    Logits,

    /// <summary>The elements are probabilities.</summary>
    Probabilities,

    /// <summary>The elements are natural logarithms of probabilities.</summary>
    LogProbabilities,
}
