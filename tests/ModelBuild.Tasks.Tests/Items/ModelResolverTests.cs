using Microsoft.Build.Utilities;
using ModelBuild.Tasks.Items;
using ModelBuild.Tasks.Messages;

namespace ModelBuild.Tasks.Tests.Items;

public sealed class ModelResolverTests : IDisposable
{
    private readonly TemporaryProject _project = new();
    private readonly TaskItem _defaults = new("defaults", new Dictionary<string, string> { ["AssemblyName"] = "My.App", ["RootNamespace"] = "My.App" });

    public void Dispose() => _project.Dispose();

    [Fact]
    public void Without_metadata_the_tables_defaults_hold()
    {
        var request = Assert.Single(Resolve(out _, Item("Models/digits.onnx")));
        Assert.Equal(
            ("DigitsModel", "My.App", "internal", "auto", "1%", "", "cpu-x64", "copy", "models/My.App/DigitsModel.onnx", "Models/digits.onnx"),
            (
                request.Id,
                request.Options["Namespace"],
                request.Options["Access"],
                request.Compression,
                request.MaxAccuracyLoss,
                request.MinSqnr,
                request.Target,
                request.Deploy,
                request.DeployPath,
                request.ModelDisplay
            )
        );
    }

    [Fact]
    public void What_outputs_hold_goes_to_the_program_and_is_no_part_of_the_signature()
    {
        var request = Assert.Single(Resolve(out _, Item("a.onnx", ("Fidelity", "y:embedding; z:boxes"))));

        Assert.Equal("y:embedding; z:boxes", request.Fidelity);
        Assert.Contains("\"fidelity\": \"y:embedding; z:boxes\"", RequestJson.Write(request), StringComparison.Ordinal);
        Assert.Null(Assert.Single(Resolve(out _, Item("a.onnx"))).Fidelity);
    }

    [Fact]
    public void The_item_wins_over_the_project()
    {
        _defaults.SetMetadata("Compression", "int8-weights");
        _defaults.SetMetadata("Access", "Public");
        var requests = Resolve(out _, Item("a.onnx"), Item("b.onnx", ("Compression", "none")));
        Assert.Equal([("int8-weights", "public"), ("none", "public")], requests.Select(request => (request.Compression, request.Options["Access"])));
    }

    [Fact]
    public void Providers_are_known_however_they_are_spelt()
    {
        var request = Assert.Single(Resolve(out _, Item("a.onnx", ("Providers", "CUDAExecutionProvider;TensorRT RTX;oneDNN;Vitis AI;DML;CPU"))));
        Assert.Equal(["cuda", "tensorrt-rtx", "dnnl", "vitisai", "directml", "cpu"], request.Providers);
        Assert.Equal("cuda", request.Target);
        Assert.Equal("cpu-x64", Assert.Single(Resolve(out _, Item("a.onnx", ("Providers", "CPU")))).Target);
    }

    [Fact]
    public void States_are_an_items_own()
    {
        _defaults.SetMetadata("State", "hn=h");
        var requests = Resolve(out _, Item("a.onnx"), Item("b.onnx", ("State", " stateN=state; cN=c ")));
        Assert.Equal([null, "stateN=state; cN=c"], requests.Select(request => request.State));
        Assert.Contains("  \"state\": \"stateN=state; cN=c\",\n", RequestJson.Write(requests[1]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_written_item_takes_the_place_of_the_default_one()
    {
        var requests = Resolve(
            out var problems,
            Item("a.onnx", ("ModelBuildDefaultItem", "true")),
            Item("./a.onnx", ("ClassName", "Digits")),
            Item("a.onnx", ("ClassName", "Original"), ("Compression", "none"))
        );
        Assert.Empty(problems);
        Assert.Equal(["Digits", "Original"], requests.Select(request => request.Id));
    }

    [Fact]
    public void Stages_are_files_of_their_own()
    {
        _defaults.SetMetadata("Stages", "3");
        var requests = Resolve(out var problems, Item("a.onnx"), Item("b.onnx", ("Stages", "1")));
        Assert.Empty(problems);
        Assert.Equal(
            ["models/My.App/AModel.1.onnx", "models/My.App/AModel.2.onnx", "models/My.App/AModel.3.onnx"],
            requests[0].Outputs.Select(output => output.DeployPath)
        );
        Assert.Equal(["models/My.App/BModel.onnx"], requests[1].Outputs.Select(output => output.DeployPath));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("two")]
    [InlineData("65")]
    public void A_number_of_stages_that_is_none_is_an_error(string stages)
    {
        Assert.Empty(Resolve(out var problems, Item("a.onnx", ("Stages", stages))));
        Assert.Equal(("MB1005", $"Stages=\"{stages}\" of 'a.onnx' must be a number from 1 to 64."), (Assert.Single(problems).Code, problems[0].Text));
    }

    [Fact]
    public void The_same_item_twice_is_once()
    {
        Assert.Single(Resolve(out var problems, Item("a.onnx"), Item("a.onnx")));
        Assert.Empty(problems);
    }

    [Theory]
    [InlineData("x/digits.onnx", "y/digits.onnx")]
    [InlineData("x/a-b.onnx", "y/A_B.onnx")]
    public void Two_models_of_one_name_are_both_named(string first, string second)
    {
        Resolve(out var problems, Item(first), Item(second));
        var problem = Assert.Single(problems);
        Assert.Equal("MB1006", problem.Code);
        Assert.Contains(first, problem.Text, StringComparison.Ordinal);
        Assert.Contains(second, problem.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_model_has_near_matches()
    {
        Item("Models/digits.onnx");
        Assert.Empty(Resolve(out var problems, new TaskItem("Models/digit.onnx")));
        var problem = Assert.Single(problems);
        Assert.Equal("MB1001", problem.Code);
        Assert.EndsWith("Did you mean 'digits.onnx'?", problem.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Deploy", "embedd", "Did you mean 'embed'?")]
    [InlineData("Access", "private", "use internal, public.")]
    [InlineData("ClassName", "my class", "\"MyClassModel\"")]
    public void A_word_that_is_unknown_is_MB1005(string name, string value, string remedy)
    {
        Assert.Empty(Resolve(out var problems, Item("a.onnx", (name, value))));
        var problem = Assert.Single(problems);
        Assert.Equal("MB1005", problem.Code);
        Assert.Contains(remedy, problem.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Calibration_data_that_names_nothing_is_MB1019()
    {
        Resolve(out var problems, Item("a.onnx", ("CalibrationData", "none/*.npz")));
        Assert.Equal("MB1019", Assert.Single(problems).Code);
    }

    [Theory]
    [InlineData("gpu", "'cuda' (NVIDIA's GPUs) or 'directml' (GPUs on Windows) or 'webgpu'")]
    [InlineData("GPU", "'cuda'")]
    [InlineData("nvidia-gpu", "'cuda' (NVIDIA's GPUs) or 'tensorrt'")]
    [InlineData("AMD", "'directml' (GPUs on Windows) or 'migraphx' (AMD's GPUs on Linux) or 'vitisai'")]
    [InlineData("rocm", "'migraphx'")]
    [InlineData("metal", "'coreml' (Apple's GPUs and neural engines) or 'webgpu'")]
    [InlineData("apple", "'coreml'")]
    [InlineData("mps", "'coreml'")]
    [InlineData("npu", "'qnn' (Qualcomm's NPUs) or 'openvino' (Intel's processors, GPUs and NPUs) or 'vitisai' (AMD's NPUs)")]
    [InlineData("intel", "'openvino'")]
    [InlineData("Snapdragon", "'qnn'")]
    [InlineData("webnn", "'webgpu'")]
    [InlineData("vulkan", "'webgpu'")]
    [InlineData("dx12", "'directml'")]
    [InlineData("ascend", "'cann'")]
    [InlineData("mkldnn", "'dnnl'")]
    [InlineData("cdua", "'cuda'?")]
    public void A_device_is_answered_by_its_providers(string written, string meant)
    {
        Assert.Empty(Resolve(out var problems, Item("a.onnx", ("Providers", written + ";cpu"))));
        var problem = Assert.Single(problems);
        Assert.Equal("MB1005", problem.Code);
        Assert.Contains($"Did you mean {meant}", problem.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Did you mean 'cpu'", problem.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_recipes_for_one_item_are_an_error()
    {
        Assert.Empty(Resolve(out var problems, Item("a.onnx", ("Recipe", "a.json"), ("Compression", "int8"))));
        Assert.Equal(("MB1005", "'a.onnx' has both Recipe and Compression. Remove one of them."), (Assert.Single(problems).Code, problems[0].Text));
        _defaults.SetMetadata("Recipe", "all.json");
        Assert.Single(Resolve(out _, Item("a.onnx", ("Compression", "int8"))));
        _defaults.SetMetadata("Compression", "int8");
        Assert.Single(Resolve(out _, Item("a.onnx", ("Compression", "int8"))));
        Assert.Empty(Resolve(out problems, Item("a.onnx")));
        Assert.Contains("ModelBuildRecipe and ModelBuildCompression", Assert.Single(problems).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_recipe_beside_the_model_is_used_unless_the_item_names_steps()
    {
        Item("a.recipe.json");

        Assert.EndsWith("a.recipe.json", Assert.Single(Resolve(out _, Item("a.onnx"))).Recipe, StringComparison.Ordinal);
        Assert.EndsWith("a.recipe.json", Assert.Single(Resolve(out _, Item("a.onnx", ("Compression", "auto")))).Recipe, StringComparison.Ordinal);
        Assert.Null(Assert.Single(Resolve(out _, Item("a.onnx", ("Compression", "int8-weights")))).Recipe);
        Assert.Null(Assert.Single(Resolve(out _, Item("a.onnx", ("Compression", "none")))).Recipe);
    }

    [Fact]
    public void What_an_item_sets_itself_is_given()
    {
        _defaults.SetMetadata("MinSqnr", "25");
        Assert.Empty(Assert.Single(Resolve(out _, Item("a.onnx"))).Given);
        Assert.Equal(["Compression", "MinSqnr"], Assert.Single(Resolve(out _, Item("a.onnx", ("MinSqnr", "30"), ("Compression", "auto")))).Given);
        // A budget has no effect if no model is compared with the original.
        _defaults.SetMetadata("MaxAccuracyLoss", "1%");
        Assert.Equal(["MaxAccuracyLoss"], Assert.Single(Resolve(out _, Item("a.onnx"))).Given);
        Assert.Equal(["Compression"], Assert.Single(Resolve(out _, Item("a.onnx", ("Compression", "none")))).Given);
        Item("data.npz");
        Assert.Equal(["CalibrationData"], Assert.Single(Resolve(out _, Item("a.onnx", ("CalibrationData", "data.npz")))).Given);
    }

    [Theory]
    [InlineData("a.heic b.heic c.txt", "(2 .heic, 1 .txt). Images must be prepared as the application prepares them")]
    [InlineData("a.mp3", "(1 .mp3). Sounds must be prepared")]
    [InlineData("a.parquet", "(1 .parquet). Texts and tables must be prepared")]
    [InlineData("a.csv", "(1 .csv). Name the .csv files themselves")]
    [InlineData("sub/a.pt", "(1 .pt). Another framework's arrays must be prepared")]
    [InlineData("saved_model.pb output_0.pb", "(2 .pb). Other files must be prepared")]
    [InlineData("", "the folder is empty")]
    public void A_folder_without_arrays_says_what_it_needs(string files, string message)
    {
        Directory.CreateDirectory(Path.Combine(_project.Folder, "Data"));
        foreach (var file in files.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            Item("Data/" + file);
        Assert.Empty(Resolve(out var problems, Item("a.onnx", ("CalibrationData", "Data"))));
        Assert.Equal("MB1019", Assert.Single(problems).Code);
        Assert.Contains(message, problems[0].Text, StringComparison.Ordinal);
        Assert.True(files.Length == 0 || problems[0].Text.Contains("docs/calibration-data.md", StringComparison.Ordinal));
    }

    [Fact]
    public void A_folder_of_arrays_is_its_files()
    {
        foreach (var file in new[] { "b.npz", "a.NPY", "set_1/input_0.pb", "set_1/output_0.pb", "readme.md" })
            Item("Data/" + file);
        var request = Assert.Single(Resolve(out _, Item("a.onnx", ("CalibrationData", "Data"))));
        Assert.Equal(["a.NPY", "b.npz", "input_0.pb"], request.CalibrationData.Select(Path.GetFileName));
    }

    [Fact]
    public void A_folder_without_arrays_is_its_pictures()
    {
        foreach (var file in new[] { "b.jpg", "cat/a.PNG", "readme.md" })
            Item("Data/" + file);
        var request = Assert.Single(Resolve(out _, Item("a.onnx", ("CalibrationData", "Data"))));
        Assert.Equal(["b.jpg", "a.PNG"], request.CalibrationData.Select(Path.GetFileName));
    }

    [Fact]
    public void A_folder_without_arrays_and_pictures_is_its_sounds()
    {
        foreach (var file in new[] { "b.wav", "yes/a.WAV", "notes.txt" })
            Item("Data/" + file);
        var request = Assert.Single(Resolve(out _, Item("a.onnx", ("CalibrationData", "Data"))));
        Assert.Equal(["b.wav", "a.WAV"], request.CalibrationData.Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("sentences.txt")]
    [InlineData("*.jsonl")]
    [InlineData("**/labels.csv")]
    public void Files_of_texts_are_named_or_matched(string data)
    {
        foreach (var file in new[] { "sentences.txt", "questions.jsonl", "labels.csv" })
            Item(file);
        var request = Assert.Single(Resolve(out _, Item("a.onnx", ("CalibrationData", data))));
        Assert.Equal(Path.GetExtension(data), Path.GetExtension(Assert.Single(request.CalibrationData)));
    }

    [Fact]
    public void A_folder_as_a_model_goes_to_the_program_which_says_what_it_is()
    {
        Directory.CreateDirectory(Path.Combine(_project.Folder, "saved"));
        Assert.Single(Resolve(out var problems, new TaskItem("saved")));
        Assert.Empty(problems);
    }

    [Theory]
    [InlineData("labels.txt", "/labels.txt")]
    [InlineData("config.json", "/config.json")]
    [InlineData("class_names", "metadata:class_names")]
    [InlineData("metadata:x/y", "metadata:x/y")]
    public void Labels_are_a_file_or_a_key(string written, string expected)
    {
        var labels = Assert.Single(Resolve(out _, Item("a.onnx", ("Labels", written)))).Labels!;
        Assert.Equal(expected.TrimStart('/'), expected[0] == '/' ? Path.GetRelativePath(_project.Folder, labels) : labels);
    }

    [Theory]
    [InlineData("linux-arm64", "", "cpu-arm64")]
    [InlineData("win-x64", "ARM64", "cpu-x64")]
    [InlineData("", "ARM64", "cpu-arm64")]
    [InlineData("", "AnyCPU", "cpu-x64")]
    public void The_target_follows_from_where_the_application_goes(string rid, string platform, string target)
    {
        _defaults.SetMetadata("RuntimeIdentifier", rid);
        _defaults.SetMetadata("PlatformTarget", platform);
        Assert.Equal(target, Assert.Single(Resolve(out _, Item("a.onnx"))).Target);
    }

    private IReadOnlyList<ModelRequest> Resolve(out IReadOnlyList<ModelProblem> problems, params TaskItem[] items)
    {
        var resolver = new ModelResolver(_project.File, _project.Obj, _defaults);
        var requests = resolver.Resolve(items, withData: true);
        problems = resolver.Problems;
        return requests;
    }

    private TaskItem Item(string path, params (string Name, string Value)[] metadata)
    {
        _project.Write(path, "");
        return TemporaryProject.Item(path, metadata);
    }
}
