namespace ModelBuild.Text;

/// <summary>The task of a text model, by the name of its architecture.</summary>
public enum TextTask
{
    /// <summary>The files do not name the task, or it is another one.</summary>
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
