namespace ModelBuild.Compression.Operators;

/// <summary>The arithmetic that an operator does with its weights.</summary>
internal enum WeightedKind
{
    /// <summary>A convolution; its weights are [outputs, inputs of a group, kernel…].</summary>
    Convolution,

    /// <summary>A transposed convolution; its weights are [inputs, outputs of a group, kernel…].</summary>
    TransposedConvolution,

    /// <summary>A matrix product; its weights are [inputs, outputs], or [outputs, inputs] where the node transposes them.</summary>
    Product,

    /// <summary>The joined products of queries, keys and values, and the attention after them; its weights are [inputs, columns].</summary>
    Attention,

    /// <summary>A recurrent layer; its weights are [directions, gates, inputs], and a second tensor multiplies the state.</summary>
    Recurrent,

    /// <summary>A lookup of rows in an embedding table; its weights are the table.</summary>
    Embedding,
}
