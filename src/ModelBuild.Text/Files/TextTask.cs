namespace ModelBuild.Text;

/// <summary>Specifies the task of a text model, by the name of its architecture.</summary>
public enum TextTask
{
    /// <summary>The files do not name the task, or they name one that this enumeration lacks.</summary>
    Unknown,

    /// <summary>The model computes a vector for each token. It has no layers for another task.</summary>
    FeatureExtraction,

    /// <summary>The model computes a class for the text.</summary>
    SequenceClassification,

    /// <summary>The model computes a class for each token.</summary>
    TokenClassification,

    /// <summary>The model finds where the answer to a question starts and ends in a passage.</summary>
    QuestionAnswering,

    /// <summary>The model predicts the tokens at the positions of mask tokens.</summary>
    FillMask,

    /// <summary>The model predicts the token that follows a text.</summary>
    TextGeneration,

    /// <summary>The model computes another text from a text, such as a translation.</summary>
    TextToText,
}
