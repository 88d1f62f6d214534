using System.Text.Json;

namespace ModelBuild.Tasks.Tests.Protocol;

/// <summary>The request's document holds the request, and a stage is repeated when a value changes that its result depends on.</summary>
public sealed class RequestFieldTests
{
    // These members follow from other members.
    private static readonly string[] _derived = [nameof(ModelRequest.Files), nameof(ModelRequest.Outputs)];

    private static readonly ModelRequest _request = new()
    {
        Id = "AModel",
        Project = "/p/App.csproj",
        Model = "/p/a \"quoted\"\n.onnx",
        ModelDisplay = "a.onnx",
        Options = new Dictionary<string, string> { ["Namespace"] = "App", ["Access"] = "public" },
        Descriptions = new Dictionary<string, string> { ["Image"] = "rgb resize(224,224)" },
        Compression = "int8(exclude='a\\b')",
        Preprocess = "graph",
        Recipe = "/p/recipe.json",
        CalibrationData = ["/p/1.npz", "/p/2.npz"],
        CalibrationFile = "/p/a.calibration.json",
        TrainingData = ["/p/3.npz"],
        ValidationData = ["/p/4.npz"],
        TrainedFile = "/p/a.trained.safetensors",
        Train = true,
        TrainCommand = "modelbuild train a.onnx --training-data \"*.npz\"",
        MaxAccuracyLoss = "2%",
        MinSqnr = "35",
        Fidelity = "y:boxes",
        MaxSize = "5MB",
        Given = ["Fidelity"],
        Providers = ["cuda", "cpu"],
        Stages = 2,
        Target = "cuda",
        Labels = "metadata:names",
        State = "none",
        Names = "n=width",
        Deploy = "embed",
        DeployPath = "models/App/AModel.onnx",
        Folder = "/p/obj",
        Cache = "/cache",
        CacheSize = "5GB",
        RemoteCache = "https://cache.example.com",
        RemoteCachePush = true,
        RemoteCacheVerify = true,
        OnnxRuntimeManaged = "/o/managed.dll",
        OnnxRuntimeNative = "/o/native",
    };

    public static TheoryData<string> Fields => [.. RequestFields.All.Select(each => each.Name)];

    [Fact]
    public void Each_member_of_a_request_is_a_field() =>
        Assert.Equal(
            typeof(ModelRequest)
                .GetProperties()
                .Select(property => property.Name)
                .Except(_derived)
                .Select(name => char.ToLowerInvariant(name[0]) + name[1..])
                .Order(StringComparer.Ordinal),
            RequestFields.All.Select(field => field.Name).Order(StringComparer.Ordinal)
        );

    [Fact]
    public void A_document_that_is_read_is_the_request_that_was_written()
    {
        var text = RequestJson.Write(_request);

        var read = JsonSerializer.Deserialize<ModelRequest>(text, JsonSerializerOptions.Web)!;

        Assert.Equal(text, RequestJson.Write(read));
        Assert.Equal(_request.Model, read.Model);
        Assert.Equal("public", read.Options["Access"]);
        Assert.Equal(2, read.Stages);
    }

    [Fact]
    public void A_request_without_values_is_written_and_read()
    {
        var text = RequestJson.Write(new ModelRequest());

        Assert.Equal(text, RequestJson.Write(JsonSerializer.Deserialize<ModelRequest>(text, JsonSerializerOptions.Web)!));
    }

    [Theory]
    [MemberData(nameof(Fields))]
    public void A_value_counts_for_the_stages_that_it_affects(string name)
    {
        var field = RequestFields.All.Single(field => field.Name == name);
        var changed = Without(name);

        Assert.NotEqual(RequestJson.Write(_request), RequestJson.Write(changed));
        foreach (var affects in new[] { Affects.Signature, Affects.Compression, Affects.Place })
            Assert.Equal((field.Affects & affects) == 0, RequestJson.Write(_request, affects) == RequestJson.Write(changed, affects));
    }

    [Fact]
    public void Options_are_for_the_signature_alone() =>
        Assert.All(ItemMetadata.All.Where(field => field.IsOption), field => Assert.Equal(Affects.Signature, field.Affects));

    [Fact]
    public void Descriptions_are_for_the_signature_and_for_data() =>
        Assert.All(ItemMetadata.All.Where(field => field.IsDescription), field => Assert.Equal(Affects.Both, field.Affects));

    [Fact]
    public void Metadata_with_a_field_of_its_own_affects_what_the_field_affects() =>
        Assert.Equal(
            ItemMetadata
                .All.Where(field => !field.IsOption && !field.IsDescription && field != ItemMetadata.ClassName)
                .Select(field => (field.JsonName, field.Affects))
                .Order(),
            RequestFields
                .All.Where(field => ItemMetadata.All.Any(metadata => metadata.JsonName == field.Name))
                .Select(field => (field.Name, field.Affects))
                .Order()
        );

    // Reads the request from a document in which one value is replaced by that of an empty request.
    private static ModelRequest Without(string name)
    {
        var document = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(RequestJson.Write(_request))!;
        document[name] = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(RequestJson.Write(new ModelRequest()))![name];
        return JsonSerializer.Deserialize<ModelRequest>(JsonSerializer.Serialize(document), JsonSerializerOptions.Web)!;
    }
}
