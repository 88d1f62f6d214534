using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Recipes;

namespace ModelBuild.Compression.Tests.Recipes;

public sealed class RecipeFileTests
{
    [Theory]
    [InlineData("""{ "steps": ["optimize", "int8-weights(false)"] }""", "optimize int8-weights(per-channel=false)")]
    [InlineData(
        """{ "name": "mine", "steps": [ { "step": "int8-weights", "per-channel": false, "exclude": "a(1), b*" }, ] } // done""",
        "int8-weights(per-channel=false, exclude=a'('1'),' b*)"
    )]
    [InlineData("""{ "$schema": "x", "steps": [ { "step": "int8-dynamic", "per-channel": "true" } ] }""", "int8-dynamic")]
    [InlineData("""{ "steps": ["optimize int8-dynamic", "int8-weights"] }""", "optimize int8-dynamic int8-weights")]
    public void Steps_are_texts_or_objects(string json, string recipe)
    {
        using var folder = new TemporaryFolder();

        var loaded = RecipeFile.Load(folder.Write("digits.recipe.json", json));

        Assert.Equal(recipe, loaded.ToString());
        Assert.Equal("digits.recipe.json", loaded.Name);
    }

    [Fact]
    public void Auto_and_none_may_stand_in_a_file_alone()
    {
        using var folder = new TemporaryFolder();

        Assert.True(RecipeFile.Load(folder.Write("a.recipe.json", """{ "steps": ["auto"] }""")).IsAuto);
        Assert.True(RecipeFile.Load(folder.Write("n.recipe.json", """{ "steps": ["none"] }""")).IsNone);
        Assert.True(RecipeFile.Load(folder.Write("e.recipe.json", """{ "steps": [] }""")).IsNone);
    }

    [Fact]
    public void What_is_written_is_read_again()
    {
        using var folder = new TemporaryFolder();
        var recipe = RecipeParser.Parse("optimize int8-weights(false, *.w) int8-dynamic(exclude=x) float16-weights");

        var text = RecipeFile.ToJson(recipe);

        Assert.Equal(recipe.Steps, RecipeFile.Load(folder.Write("x.recipe.json", text)).Steps);
        Assert.DoesNotContain('\r', text);
        Assert.EndsWith("}\n", text, StringComparison.Ordinal);
        Assert.Equal(text, RecipeFile.ToJson(recipe));
    }

    [Theory]
    [InlineData("", "cannot be read")]
    [InlineData("{", "cannot be read")]
    [InlineData("[]", "an object with an array 'steps'")]
    [InlineData("{}", "an object with an array 'steps'")]
    [InlineData("""{ "steps": "optimize" }""", "an object with an array 'steps'")]
    [InlineData("""{ "steps": [], "setps": [] }""", "no property 'setps'")]
    [InlineData("""{ "steps": [1] }""", "a text, or an object")]
    [InlineData("""{ "steps": [{}] }""", "a text, or an object")]
    [InlineData("""{ "steps": [{ "step": 5 }] }""", "a text, or an object")]
    [InlineData("""{ "steps": ["auto", "optimize"] }""", "'auto' cannot be combined with other steps")]
    [InlineData("""{ "steps": [{ "step": "none" }] }""", "'none' cannot be combined with other steps")]
    [InlineData("""{ "steps": ["optimise"] }""", "Did you mean 'optimize'?")]
    [InlineData("""{ "steps": [{ "step": "optimize", "x": 1 }] }""", "no option 'x'")]
    [InlineData("""{ "steps": [{ "step": "int8-weights", "per-channel": 1 }] }""", "must be true or false")]
    [InlineData("""{ "steps": [{ "step": "int8-weights", "exclude": ["a", "b"] }] }""", "must be text")]
    [InlineData("""{ "steps": [{ "step": "int8-weights", "exclude": null }] }""", "must be text")]
    [InlineData("""{ "steps": [{ "step": "int8-weights", "exclude": "a", "exclude": "b" }] }""", "twice")]
    public void What_is_wrong_with_a_file_is_one_error_that_names_it(string json, string message)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("bad.recipe.json", json);

        var exception = Assert.Throws<CompressionException>(() => RecipeFile.Load(path));

        Assert.Equal(Codes.UnknownOption, exception.Code);
        Assert.Equal(path, exception.File);
        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_one_error_that_names_it()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("folder.recipe.json"));

        foreach (var path in new[] { folder.File("none.recipe.json"), folder.File("folder.recipe.json") })
        {
            var exception = Assert.Throws<CompressionException>(() => RecipeFile.Load(path));
            Assert.Equal((Codes.UnknownOption, path), (exception.Code, exception.File));
        }
    }

    [Theory]
    [InlineData("models/digits.onnx", "models/digits.recipe.json")]
    [InlineData("digits", "digits.recipe.json")]
    [InlineData("a.b.onnx", "a.b.recipe.json")]
    public void The_file_beside_a_model_has_its_name(string model, string recipe) => Assert.Equal(recipe, RecipeFile.BesideModel(model));
}
