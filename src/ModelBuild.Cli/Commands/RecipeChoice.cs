using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Recipes;

namespace ModelBuild.Cli.Commands;

/// <summary>Which recipe counts: a named file, steps, the file beside the model, or <c>auto</c>.</summary>
/// <param name="Recipe">The recipe.</param>
/// <param name="File">The file that it was read from, if any.</param>
internal sealed record RecipeChoice(Recipe Recipe, string? File)
{
    /// <summary>The folder from which paths in the recipe count: that of the recipe file, or the one of who wrote the steps.</summary>
    public string Folder(string writer) => File is null ? writer : Path.GetDirectoryName(Path.GetFullPath(File))!;

    /// <summary>What somebody named; nothing named is <c>auto</c>.</summary>
    public static RecipeChoice Of(string? compression, string? recipeFile) =>
        string.IsNullOrWhiteSpace(recipeFile)
            ? new RecipeChoice(RecipeParser.Parse(compression ?? ""), null)
            : new RecipeChoice(RecipeFile.Load(recipeFile), recipeFile);

    /// <summary>What somebody named, or else the file beside the model.</summary>
    public static RecipeChoice Of(string? compression, string? recipeFile, string model)
    {
        var beside = RecipeFile.BesideModel(model);
        return compression is null && recipeFile is null && System.IO.File.Exists(beside) ? Of(null, beside) : Of(compression, recipeFile);
    }
}
