namespace ModelBuild.Text;

/// <summary>Specifies how the vectors of tokens are combined to one vector, as in <c>1_Pooling/config.json</c> of Sentence Transformers.</summary>
public enum TextPoolingKind
{
    /// <summary>The mean of the vectors of all tokens.</summary>
    Mean,

    /// <summary>The vector of the first token, such as <c>[CLS]</c>.</summary>
    Cls,

    /// <summary>The largest value in each dimension over all tokens.</summary>
    Max,

    /// <summary>The sum of the vectors of all tokens, divided by the square root of the number of tokens.</summary>
    MeanSquareRoot,

    /// <summary>The weighted mean of the vectors, with the weights 1, 2, 3 and so on in the order of the tokens, so that later tokens count more.</summary>
    WeightedMean,

    /// <summary>The vector of the last token.</summary>
    LastToken,
}
