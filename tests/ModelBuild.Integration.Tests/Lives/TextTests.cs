using ModelBuild.Integration.Tests.Building;
using ModelBuild.Testing;
using ModelBuild.Testing.Pretrained;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Integration.Tests.Lives;

/// <summary>A sentence goes in without a tokenizer in the program, because the build deploys the tokenizer with the model.</summary>
public sealed class TextTests(PackedFeed feed)
{
    private const string Program = """
        using System.Globalization;
        using var model = new WordsModel();
        Console.WriteLine(string.Join(' ', model.Embed("a dog").Select(value => value.ToString(CultureInfo.InvariantCulture))));
        """;

    [Theory]
    [InlineData("copy")]
    [InlineData("embed")]
    public async Task A_sentence_is_enough(string deploy)
    {
        var folder = feed.NewWorkspace("words-" + deploy);
        WriteModel(folder, "App/words/onnx/model.onnx");
        // The files are in the parent folder of the model, as in a folder of Hugging Face.
        folder.Write("App/words/config.json", """{ "model_type": "bert" }""");
        folder.Write("App/words/vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\ndog\ncat\n");
        folder.Write("App/words/1_Pooling/config.json", """{ "pooling_mode_cls_token": false, "pooling_mode_lasttoken": true }""");
        folder.WriteProject(
            "App/App.csproj",
            $"<OutputType>Exe</OutputType><ModelBuildDeploy>{deploy}</ModelBuildDeploy>",
            $"""<PackageReference Include="ModelBuild.Text" Version="{folder.Version}" />"""
        );
        folder.Write("App/Program.cs", Program);

        var build = await folder.BuildAsync("build", "App");

        Assert.Empty(build.Codes);
        var signature = File.ReadAllText(folder["App/obj/Debug/net10.0/modelbuild/WordsModel.signature.json"]);
        Assert.Contains("\"text\": \"../vocab.txt\",\n      \"source\": \"the folder of the model\"", signature, StringComparison.Ordinal);
        // The last token is [SEP], whose id is 3.
        Assert.Equal("3 -3", await folder.RunAsync("App/bin/Debug/net10.0/App.dll"));
        Assert.Equal(deploy == "copy", folder.Files("App/bin").Any(file => file.EndsWith("models/App/WordsModel.tokenizer", StringComparison.Ordinal)));

        // A changed file of the tokenizer is deployed again.
        folder.Write("App/words/1_Pooling/config.json", """{ "pooling_mode_cls_token": true }""");
        await folder.BuildAsync("build", "App");
        Assert.Equal("2 -2", await folder.RunAsync("App/bin/Debug/net10.0/App.dll"));
    }

    [Fact]
    public async Task A_project_without_the_package_deploys_no_tokenizer()
    {
        var folder = feed.NewWorkspace("words-without");
        WriteModel(folder, "App/words.onnx");
        folder.Write("App/vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\n");
        folder.WriteProject("App/App.csproj", "<OutputType>Exe</OutputType>");
        folder.Write("App/Program.cs", "using var model = new WordsModel();");

        await folder.BuildAsync("build", "App");

        Assert.DoesNotContain(folder.Files("App/bin"), file => file.EndsWith(".tokenizer", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_sample_finds_sentences_with_MiniLM()
    {
        var model = PretrainedModels.Need(PretrainedModels.MiniLm);
        var folder = feed.NewWorkspace("sentences");
        Directory.CreateDirectory(folder["App/Models/all-MiniLM-L6-v2"]);
        File.Copy(model, folder["App/Models/all-MiniLM-L6-v2/model.onnx"]);
        File.Copy(PretrainedModels.Need(PretrainedModels.MiniLmVocabulary), folder["App/Models/all-MiniLM-L6-v2/vocab.txt"]);
        var sample = Path.Combine(Corpus.Repository, "samples", "SentenceFinder");
        File.Copy(Path.Combine(sample, "Program.cs"), folder["App/Program.cs"]);
        folder.WriteProject(
            "App/App.csproj",
            "<OutputType>Exe</OutputType><ModelBuildCompression>int8-weights</ModelBuildCompression>",
            $"""
            <PackageReference Include="ModelBuild.Text" Version="{folder.Version}" />
            <OnnxModel Update="Models/all-MiniLM-L6-v2/model.onnx" ClassName="SentenceModel" />
            """
        );

        await folder.BuildAsync("build", "App");
        var output = await folder.RunAsync("App/bin/Debug/net10.0/App.dll", Path.Combine(sample, "sentences.txt"), "May I bring my puppy?");

        Assert.Matches(@"^0\.\d\d  Dogs are welcome in the garden but not in the restaurant\.\n", output.ReplaceLineEndings("\n"));
        Assert.Equal(3, output.ReplaceLineEndings("\n").Split('\n').Length);
    }

    // The model's vector of a token consists of its id and of its negated id.
    private static void WriteModel(Workspace folder, string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder[path])!);
        new Net()
            .Input("input_ids", DataType.Int64, -1, -1)
            .Constant("table", [8, 2], [.. Enumerable.Range(0, 16).Select(i => (float)(i % 2 == 0 ? i / 2 : -(i / 2)))])
            .Node("Gather", "table input_ids", "last_hidden_state")
            .Output("last_hidden_state", DataType.Float, -1, -1, 2)
            .Build()
            .Save(folder[path]);
    }
}
