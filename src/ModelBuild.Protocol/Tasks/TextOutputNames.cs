namespace ModelBuild.Protocol;

/// <summary>Lists the names that exporters of transformers give the outputs of a model that takes texts.</summary>
internal static class TextOutputNames
{
    /// <summary>The names of outputs with a vector for each text or for each token. The first one that a model has is used.</summary>
    public static readonly string[] Vectors = ["sentence_embedding", "text_embeds", "last_hidden_state", "token_embeddings", "hidden_states", "embeddings"];
}
