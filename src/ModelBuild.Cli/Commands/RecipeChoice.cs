using ModelBuild.Compression.Recipes;

namespace ModelBuild.Cli.Commands;

/// <summary>Which recipe counts: a named file, steps, the file beside the model, or <c>auto</c>.</summary>
/// <param name="Recipe">The recipe.</param>
/// <param name="File">The file that it was read from, if any.</param>
internal sealed record RecipeChoice(Recipe Recipe, string? File)
{
    public static RecipeChoice Choose(string? compression, string? recipeFile, string model)
    {
        if (!string.IsNullOrWhiteSpace(recipeFile))
            return new RecipeChoice(RecipeFile.Load(recipeFile), recipeFile);
        var parsed = RecipeParser.Parse(compression ?? "");
        var beside = RecipeFile.BesideModel(model);
        return parsed.IsAuto && System.IO.File.Exists(beside) ? new RecipeChoice(RecipeFile.Load(beside), beside) : new RecipeChoice(parsed, null);
    }
}
