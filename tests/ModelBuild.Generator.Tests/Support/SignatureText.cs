using System.Text.Json;
using System.Text.Json.Nodes;

namespace ModelBuild.Generator.Tests.Support;

/// <summary>Writes signature files for tests. A tensor is written as <c>image: float32[batch, 1, 28, 28]</c>.</summary>
internal sealed record SignatureText
{
    public int Schema { get; init; } = 1;
    public string ClassName { get; init; } = "DigitsModel";
    public string Namespace { get; init; } = "App";
    public string Access { get; init; } = "internal";
    public string Model { get; init; } = "Models/digits.onnx";
    public string Description { get; init; } = "";
    public string Deploy { get; init; } = "copy";
    public string Path { get; init; } = "models/App/DigitsModel.onnx";
    public string[] Providers { get; init; } = ["cpu"];
    public string[] Labels { get; init; } = [];
    public string[] Inputs { get; init; } = ["image: float32[batch, 1, 28, 28]"];
    public string[] Outputs { get; init; } = ["logits: float32[batch, 10]"];

    /// <summary>The description of the image that the model takes.</summary>
    public string? Image { get; init; }

    /// <summary>The description of a preparation inside the model, whose tensor has the dimensions height, width and channels.</summary>
    public string? Preprocess { get; init; }

    /// <summary>The description of the boxes that the model finds.</summary>
    public string? Boxes { get; init; }

    /// <summary>The description of the map that the model returns.</summary>
    public string? Map { get; init; }

    /// <summary>The description of the recording that the model takes.</summary>
    public string? Audio { get; init; }

    /// <summary>The tokenizer of the model.</summary>
    public string? Tokenizer { get; init; }

    /// <summary>How the files of the tokenizer pool vectors.</summary>
    public string? Pooling { get; init; }

    /// <summary>The number of tokens at which the tokenizer cuts texts.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>Why the files of the tokenizer cannot be used.</summary>
    public string? Fault { get; init; }

    /// <summary>Where the descriptions were found; empty for those of the item.</summary>
    public string Source { get; init; } = "";

    /// <summary>The kind of scores of all outputs.</summary>
    public string? Scores { get; init; }

    /// <summary>Where the stages of a model that is cut are deployed.</summary>
    public string[] Stages { get; init; } = [];

    /// <summary>Outputs and the inputs that they feed, such as <c>hn=h</c>.</summary>
    public string[] States { get; init; } = [];

    /// <summary>Names in C# that the project chose, such as <c>n.1=width</c>; a dimension without a name is <c>?</c>.</summary>
    public string[] Names { get; init; } = [];

    public override string ToString() =>
        new JsonObject
        {
            ["schema"] = Schema,
            ["className"] = ClassName,
            ["options"] = new JsonObject { [nameof(Namespace)] = Namespace, [nameof(Access)] = Access },
            ["descriptions"] = new JsonArray([
                .. Described(nameof(Image), Image),
                .. Described(nameof(Preprocess), Preprocess).Select(Laid),
                .. Described(nameof(Boxes), Boxes),
                .. Described(nameof(Map), Map),
                .. Described(nameof(Audio), Audio),
                .. Described(nameof(Tokenizer), Tokenizer).Select(WithFacts),
            ]),
            ["model"] = Model,
            ["description"] = Description,
            ["deploy"] = Deploy,
            ["path"] = Path,
            ["stages"] = Array(Stages),
            ["hash"] = new string('a', 64),
            ["providers"] = Array(Providers),
            ["labels"] = Array(Labels),
            ["inputs"] = new JsonArray([.. Inputs.Select(Tensor)]),
            ["outputs"] = new JsonArray([.. Outputs.Select(text => Scored(Tensor(text)))]),
            ["states"] = new JsonArray([.. States.Select(state => new JsonObject { ["output"] = state.Split('=')[0], ["input"] = state.Split('=')[1] })]),
        }.ToJsonString(new JsonSerializerOptions { WriteIndented = true });

    private IEnumerable<JsonObject> Described(string name, string? text) =>
        text is null
            ? []
            :
            [
                new JsonObject
                {
                    ["name"] = name,
                    ["text"] = text,
                    ["source"] = Source,
                },
            ];

    private static JsonObject Laid(JsonObject description)
    {
        description["layout"] = "nhwc";
        return description;
    }

    private JsonObject WithFacts(JsonObject description)
    {
        if (Pooling is not null)
            description["pooling"] = Pooling;
        if (MaxTokens is not null)
            description["maxTokens"] = MaxTokens;
        if (Fault is not null)
            description["fault"] = Fault;
        return description;
    }

    private JsonObject Scored(JsonObject output)
    {
        if (Scores is not null)
            output["scores"] = Scores;
        return output;
    }

    private JsonObject Named(JsonObject value, string name)
    {
        if (Names.FirstOrDefault(pair => pair[..pair.LastIndexOf('=')] == name) is { } pair)
            value["member"] = pair[(pair.LastIndexOf('=') + 1)..];
        return value;
    }

    private static JsonArray Array(string[] items) => new([.. items.Select(item => JsonValue.Create(item))]);

    private JsonObject Tensor(string text)
    {
        var colon = text.LastIndexOf(": ", StringComparison.Ordinal);
        var (name, type) = (text[..colon], text[(colon + 2)..]);
        if (!type.EndsWith(']'))
            return Named(
                new JsonObject
                {
                    ["name"] = name,
                    ["kind"] =
                        type.StartsWith("seq", StringComparison.Ordinal) ? "sequence"
                        : type.StartsWith("sparse", StringComparison.Ordinal) ? "sparse"
                        : type[..type.IndexOf('(', StringComparison.Ordinal)],
                    ["type"] = type,
                    ["rank"] = -1,
                    ["shape"] = new JsonArray(),
                },
                name
            );

        var open = type.IndexOf('[', StringComparison.Ordinal);
        var inside = type[(open + 1)..^1];
        var dimensions = inside is "" or "*" ? [] : inside.Split(',', StringSplitOptions.TrimEntries);
        return Named(
            new JsonObject
            {
                ["name"] = name,
                ["kind"] = "tensor",
                ["type"] = type[..open],
                ["rank"] = inside == "*" ? -1 : dimensions.Length,
                ["shape"] = new JsonArray([.. dimensions.Select(Dimension)]),
            },
            name
        );
    }

    private JsonObject Dimension(string text) =>
        text == "?" ? Named([], text)
        : long.TryParse(text, out var size) ? new JsonObject { ["size"] = size }
        : Named(new JsonObject { ["name"] = text }, text);
}
