namespace ModelBuild.Protocol;

/// <summary>Lists the names that exporters of transformers give the inputs of a model that takes texts.</summary>
internal static class TextInputNames
{
    public const string Ids = "input_ids";

    public const string Mask = "attention_mask";

    public const string Types = "token_type_ids";
}
