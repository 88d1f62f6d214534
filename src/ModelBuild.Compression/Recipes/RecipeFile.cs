using System.Text.Json;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Options;
using ModelBuild.Compression.Passes;

namespace ModelBuild.Compression.Recipes;

/// <summary>
/// Reads and writes recipe files, <c>*.recipe.json</c>: <c>{ "steps": [ "optimize", { "step": "int8-weights", "per-channel": false } ] }</c>.
/// </summary>
internal static class RecipeFile
{
    private static readonly JsonDocumentOptions Lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <summary>Returns the path of the recipe file that is used without a setting: <c>digits.recipe.json</c> beside <c>digits.onnx</c>.</summary>
    public static string BesideModel(string modelPath) => Path.ChangeExtension(modelPath, null) + ".recipe.json";

    /// <summary>Reads a recipe file.</summary>
    /// <exception cref="CompressionException">MB1005: the file is missing, is not JSON, or names an unknown step or option.</exception>
    public static Recipe Load(string path)
    {
        if (!File.Exists(path))
            throw new CompressionException(
                Codes.UnknownOption,
                "The recipe file does not exist. To name steps, use '--compression', or Compression in a project.",
                path
            );
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllText(path), Lenient);
            if (
                document.RootElement.ValueKind != JsonValueKind.Object
                || !document.RootElement.TryGetProperty("steps", out var steps)
                || steps.ValueKind != JsonValueKind.Array
            )
                throw new CompressionException(Codes.UnknownOption, "A recipe file is an object with an array 'steps'.");
            foreach (var property in document.RootElement.EnumerateObject())
                if (property.Name is not ("steps" or "name" or "$schema"))
                    throw new CompressionException(
                        Codes.UnknownOption,
                        $"A recipe file has no property '{property.Name}'; its properties are 'steps' and 'name'."
                    );
            var recipe = ReadWhole(steps) ?? new Recipe(Path.GetFileName(path), [.. steps.EnumerateArray().SelectMany(ReadSteps)]);
            RecipeOrder.Check(recipe.Steps);
            return recipe;
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new CompressionException(Codes.UnknownOption, $"The recipe cannot be read: {exception.Message}", path, exception);
        }
        catch (CompressionException exception) when (exception.File is null)
        {
            throw new CompressionException(exception.Code, exception.Message, path, exception);
        }
    }

    /// <summary>Writes a recipe as text that <see cref="Load"/> reads. Options at their defaults are left out.</summary>
    public static string ToJson(Recipe recipe)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteStartArray("steps");
            foreach (var step in recipe.Steps)
                Write(json, step);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }

    private static void Write(Utf8JsonWriter json, RecipeStep step)
    {
        StepOption[] changed = [.. step.Definition.Options.Where(option => !Equals(option.Get(step.Options), option.Default))];
        if (changed.Length == 0)
        {
            json.WriteStringValue(step.Definition.Name);
            return;
        }

        json.WriteStartObject();
        json.WriteString("step", step.Definition.Name);
        foreach (var option in changed)
            if (option.Get(step.Options) is NamedNumbers numbers)
                foreach (var (name, number) in numbers.All)
                    json.WriteNumber(name, number);
            else if (option.Get(step.Options) is { } value)
                json.WriteString(option.Name, OptionValue.Format(value));
        json.WriteEndObject();
    }

    // Reads a list that stands for a recipe without steps: 'auto', or 'none', which an empty list also means. The result is null for any other list.
    private static Recipe? ReadWhole(JsonElement steps) =>
        steps.GetArrayLength() switch
        {
            0 => new Recipe(Recipe.None, []),
            1 when steps[0].ValueKind == JsonValueKind.String && steps[0].GetString() is Recipe.Auto or Recipe.None => RecipeParser.Parse(
                steps[0].GetString()!
            ),
            _ => null,
        };

    private static IEnumerable<RecipeStep> ReadSteps(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.String)
            return RecipeParser.ParseSteps(element.GetString()!);
        if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty("step", out var name) || name.ValueKind != JsonValueKind.String)
            throw new CompressionException(Codes.UnknownOption, "A step of a recipe is a text, or an object with a text 'step' and its options.");
        return
        [
            RecipeParser.CreateStep(
                name.GetString()!,
                element.EnumerateObject().Where(property => property.Name != "step").Select(property => (property.Name, ReadValue(property)))
            ),
        ];
    }

    private static string ReadValue(JsonProperty property) =>
        property.Value.ValueKind switch
        {
            JsonValueKind.String => property.Value.GetString()!,
            JsonValueKind.True or JsonValueKind.False or JsonValueKind.Number => property.Value.GetRawText(),
            _ => throw new CompressionException(Codes.UnknownOption, $"The option '{property.Name}' must be text, a number, true or false."),
        };
}
