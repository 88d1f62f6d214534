namespace ModelBuild.Text;

/// <summary>How the vectors of tokens become one vector, as in <c>1_Pooling/config.json</c> of Sentence Transformers.</summary>
public enum TextPoolingKind
{
    /// <summary>The mean of the tokens.</summary>
    Mean,

    /// <summary>The first token, such as <c>[CLS]</c>.</summary>
    Cls,

    /// <summary>The largest value of the tokens in each dimension.</summary>
    Max,

    /// <summary>The sum of the tokens, divided by the square root of their number.</summary>
    MeanSquareRoot,

    /// <summary>The mean of the tokens with the weights 1, 2, 3 and so on, so that later tokens count more.</summary>
    WeightedMean,

    /// <summary>The last token.</summary>
    LastToken,
}
