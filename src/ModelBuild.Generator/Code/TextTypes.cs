namespace ModelBuild.Generator.Code;

/// <summary>Lists the full names of the types of the package ModelBuild.Text that generated code uses.</summary>
internal static class TextTypes
{
    /// <summary>The name of the type by which the generator finds the package among the references of a project.</summary>
    public const string Marker = "ModelBuild.Text.TextInputs";

    public const string Namespace = "global::ModelBuild.Text.";
    public const string Inputs = Namespace + "TextInputs";
    public const string Outputs = Namespace + "TextOutputs";
    public const string Embeddings = Namespace + "TextEmbeddings";
    public const string Generator = Namespace + "EmbeddingGenerator";
    public const string Tokenizer = Namespace + "TextTokenizer";
    public const string Deployed = Namespace + "DeployedTokenizer";
    public const string Exception = Namespace + "TokenizerException";
    public const string Batch = Namespace + "EncodedBatch";
    public const string Span = Namespace + "TextSpan";
    public const string Generation = Namespace + "TextGeneration";
    public const string Answer = Namespace + "AnswerSpan";
}
