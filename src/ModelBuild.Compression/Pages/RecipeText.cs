using ModelBuild.Compression.Passes;

namespace ModelBuild.Compression.Pages;

/// <summary>Writes recipes in HTML pages: a long recipe is shown by its short name, and a click on the name shows the full text.</summary>
internal static class RecipeText
{
    /// <summary>Returns the HTML of a recipe or step.</summary>
    public static string Of(string recipe)
    {
        var name = ShortRecipe.Of(recipe);
        return name == recipe
            ? $"<code>{Html.Text(recipe)}</code>"
            : $"<details class=\"recipe\"><summary><code>{Html.Text(name)}</code></summary><code>{Html.Text(recipe)}</code></details>";
    }
}
