namespace ModelBuild.Text;

/// <summary>What a text model computes, by the name of its architecture.</summary>
public enum TextTask
{
    /// <summary>The files do not say it, or it is another task.</summary>
    Unknown,

    /// <summary>A vector for each token: no head.</summary>
    FeatureExtraction,

    /// <summary>A class for the text.</summary>
    SequenceClassification,

    /// <summary>A class for each token.</summary>
    TokenClassification,

    /// <summary>Where the answer to a question starts and ends in a passage.</summary>
    QuestionAnswering,

    /// <summary>The tokens in the places of mask tokens.</summary>
    FillMask,

    /// <summary>The next token.</summary>
    TextGeneration,

    /// <summary>Another text.</summary>
    TextToText,
}
