using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Signatures;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Pipeline;

/// <summary>Reads the signature that a model has after a recipe, without running the recipe.</summary>
internal static class RecipeSignature
{
    /// <summary>Returns the signature that <paramref name="model"/> has after a recipe, such as one that fixes dimensions.</summary>
    /// <param name="model">The original, with or without its weights; its declarations are changed to those after the recipe.</param>
    /// <param name="recipe">The recipe.</param>
    /// <exception cref="Diagnostics.CompressionException">MB1005: the recipe names what the model does not have.</exception>
    public static ModelSignature Read(OnnxModel model, Recipe recipe)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(recipe);
        RecipePipeline.ChangeContract(model, recipe);
        return SignatureReader.Read(model);
    }
}
