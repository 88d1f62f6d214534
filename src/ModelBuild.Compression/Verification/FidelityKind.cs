namespace ModelBuild.Compression.Verification;

/// <summary>Specifies the content of an output, which determines how it is compared and which budget applies.</summary>
internal enum FidelityKind
{
    /// <summary>Numbers without a more specific kind, which are compared by the signal-to-noise ratio.</summary>
    Numbers,

    /// <summary>Scores of classes, of which the highest is chosen. They are compared by accuracy, or by the share of equal classes.</summary>
    Scores,

    /// <summary>Independent probabilities, which are compared by decisions at one half and by the largest error.</summary>
    Probabilities,

    /// <summary>Scores of time steps that decode to a text. They are compared by the share of equal symbols after repeats and blanks are removed.</summary>
    Tokens,

    /// <summary>Vectors that an application compares with each other. They are compared by cosine.</summary>
    Embedding,

    /// <summary>Rectangles. Sets of rectangles are compared by F1 at an overlap of one half, others by the signal-to-noise ratio.</summary>
    Boxes,

    /// <summary>Images, which are compared by the peak signal-to-noise ratio.</summary>
    Image,

    /// <summary>Audio, which is compared by the signal-to-noise ratio.</summary>
    Waveform,

    /// <summary>Integers, flags and texts, which are compared for equality.</summary>
    Indices,

    /// <summary>Rows that a selection chose, which are compared by F1 of the two sets of rows.</summary>
    Rows,
}
