using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Recipes;

namespace ModelBuild.Cli.Commands;

/// <summary>Represents the recipe that a command uses for a model: from a named file, from steps, from the file beside the model, or <c>auto</c>.</summary>
/// <param name="Recipe">The recipe.</param>
/// <param name="File">The file that the recipe was read from; null if it does not come from a file.</param>
internal sealed record RecipeChoice(Recipe Recipe, string? File)
{
    /// <summary>
    /// Returns the folder that paths in the recipe are relative to: the folder of the recipe file, or <paramref name="writer"/> if the steps were given as
    /// text.
    /// </summary>
    public string Folder(string writer) => File is null ? writer : Path.GetDirectoryName(Path.GetFullPath(File))!;

    /// <summary>Reads the recipe that the options name. Without a recipe in the options, it is <c>auto</c>.</summary>
    public static RecipeChoice Of(string? compression, string? recipeFile) =>
        string.IsNullOrWhiteSpace(recipeFile)
            ? new RecipeChoice(RecipeParser.Parse(compression ?? ""), null)
            : new RecipeChoice(RecipeFile.Load(recipeFile), recipeFile);

    /// <summary>
    /// Reads the recipe that the options name. Without a recipe in the options, it is that of the file beside the model, or <c>auto</c> if there is no such
    /// file.
    /// </summary>
    public static RecipeChoice Of(string? compression, string? recipeFile, string model)
    {
        var beside = RecipeFile.BesideModel(model);
        var isOpen = string.IsNullOrWhiteSpace(compression) || compression.Trim() == ItemMetadata.Compression.Default;
        return isOpen && recipeFile is null && System.IO.File.Exists(beside) ? Of(null, beside) : Of(compression, recipeFile);
    }
}
