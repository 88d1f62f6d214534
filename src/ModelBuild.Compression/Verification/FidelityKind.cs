namespace ModelBuild.Compression.Verification;

/// <summary>What an output holds. The kind decides how it is compared and what it is held against.</summary>
public enum FidelityKind
{
    /// <summary>Measurements that no other kind fits: signal to noise ratio.</summary>
    Numbers,

    /// <summary>Scores of classes of which the highest wins: accuracy, or share of equal winners.</summary>
    Scores,

    /// <summary>Independent probabilities: the decisions at one half, and the largest error.</summary>
    Probabilities,

    /// <summary>Scores for each time step whose winners are decoded to a text: share of equal symbols once repeats and blanks are removed.</summary>
    Tokens,

    /// <summary>Vectors that are compared with each other: cosine.</summary>
    Embedding,

    /// <summary>Rectangles: F1 at an overlap of one half where there are sets of them, else signal to noise ratio.</summary>
    Boxes,

    /// <summary>Pictures: peak signal to noise ratio.</summary>
    Image,

    /// <summary>Sound: signal to noise ratio.</summary>
    Waveform,

    /// <summary>Whole numbers, flags and texts: equal or not.</summary>
    Indices,

    /// <summary>Rows that a selection picked: F1 of the two sets of rows.</summary>
    Rows,
}
