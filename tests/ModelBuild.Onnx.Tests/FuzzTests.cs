using Google.Protobuf;
using ModelBuild.Testing;

namespace ModelBuild.Onnx.Tests;

public sealed class FuzzTests(ITestOutputHelper output)
{
    // A model without weights consists of small objects, which take about 30 times the bytes of its file. The limit is far below the lengths that a damaged
    // header could claim.
    private const int BytesPerByte = 60;
    private const int BytesAlways = 300_000;

    [Fact]
    public void A_damaged_model_loads_or_gives_one_clear_error()
    {
        using var folder = new TemporaryFolder();

        Mutate([BuiltModel(folder)], 3000, folder);
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public void Damaged_models_of_the_corpus_load_or_give_one_clear_error()
    {
        using var folder = new TemporaryFolder();

        Mutate([.. CorpusModels(folder), BuiltModel(folder)], 10_000, folder);
    }

    private void Mutate(List<byte[]> models, int mutations, TemporaryFolder folder)
    {
        var mutators = models.ConvertAll(static model => (new Mutator(model), new DocumentMutator(model)));
        var random = new Random(20171010);
        var faults = new SortedDictionary<string, int>(StringComparer.Ordinal);
        double most = 0,
            slowest = 0;
        for (var i = 0; i < mutations; i++)
        {
            var which = i % models.Count;
            var (inBytes, inFields) = mutators[which];
            var bytes = i % 3 == 0 ? inFields.Mutate(random) : inBytes.Mutate(random, models[random.Next(models.Count)]);
            var options = new OnnxLoadOptions { ExternalDataFolder = folder.Path, SkipWeights = i % 8 == 7 };
            var before = GC.GetAllocatedBytesForCurrentThread();
            var started = Environment.CpuUsage.TotalTime;
            OnnxModel? model = null;
            try
            {
                model = OnnxModel.Load(bytes, options);
            }
            catch (OnnxException fault)
            {
                Count(faults, fault.Fault.ToString());
            }

            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated <= BytesAlways + ((long)BytesPerByte * bytes.Length), $"mutation {i}: {allocated} bytes for a file of {bytes.Length}");
            most = Math.Max(most, allocated / (bytes.Length + 1000.0));
            if (model is not null)
                Count(faults, Use(model));
            slowest = Math.Max(slowest, (Environment.CpuUsage.TotalTime - started).TotalSeconds);
        }

        output.WriteLine(string.Join(", ", faults.Select(static pair => $"{pair.Key} {pair.Value}")));
        output.WriteLine(
            FormattableString.Invariant($"{models.Count} models, about {most:F0} bytes allocated per byte at most, slowest {slowest * 1000:F0} ms")
        );
        // The limit is for processor time, which does not depend on other programs of the machine.
        Assert.True(slowest < 10, $"the slowest took {slowest} s");
        Assert.True(faults.GetValueOrDefault("loaded") > mutations / 20);
        Assert.Equal(mutations, faults.Values.Sum());
    }

    /// <summary>What loads can be edited, written, and loaded again as the same document.</summary>
    private static string Use(OnnxModel model)
    {
        try
        {
            var graph = new Graph(model);
            foreach (var scope in graph.SelfAndSubgraphs())
            foreach (var node in scope.Nodes)
            foreach (var value in node.Input.Concat(node.Output))
            {
                _ = scope.Consumers(value);
                _ = scope.TryGetConstant(value, out _);
                _ = scope.IsOutputAnywhere(value);
            }

            if (!model.WeightsSkipped)
                Assert.Equal(model.Proto, OnnxModel.Load(model.ToBytes()).Proto);
            graph.SortTopologically();
            if (graph.Nodes.Count > 0)
            {
                var node = graph.Nodes[0];
                foreach (var value in node.Output.ToArray())
                    graph.ReplaceUses(value, graph.FreshName("fresh"));
                graph.Remove(node);
            }

            return "loaded";
        }
        catch (OnnxException fault)
        {
            return $"loaded, then {fault.Fault}";
        }
    }

    private static void Count(SortedDictionary<string, int> counts, string key) => counts[key] = counts.GetValueOrDefault(key) + 1;

    /// <summary>Real models up to 50 KB.</summary>
    private static List<byte[]> CorpusModels(TemporaryFolder folder)
    {
        var models = new List<byte[]>();
        foreach (var name in Corpus.ModelsOrNone())
        {
            var path = Corpus.Model(name);
            if (new FileInfo(path).Length > 50_000)
                continue;
            models.Add(File.ReadAllBytes(path));
            if (File.Exists(path + ".data"))
                File.Copy(path + ".data", folder.File(Path.GetFileName(path) + ".data"));
        }

        return models;
    }

    /// <summary>A model with what real models up to 50 KB do not have.</summary>
    private static byte[] BuiltModel(TemporaryFolder folder)
    {
        var branch = Build.Branch(
            "then",
            Nodes.Create("Constant", [], ["k"], attributes: ("value", Build.Floats("", 400))),
            Nodes.Create("Add", ["x", "k"], ["t"])
        );
        branch.Initializer.Add(Build.Floats("inner", 5));
        var graph = new GraphProto
        {
            Name = "g",
            Input = { Build.Infos("x", "c") },
            Output = { Build.Infos("y") },
            ValueInfo = { Build.Infos("a") },
            Initializer =
            {
                Build.Floats("w", 300),
                Build.External("e", 4, ("location", "e.bin"), ("offset", "4"), ("length", "16")),
                new TensorProto
                {
                    Name = "ints",
                    DataType = (int)TensorProto.Types.DataType.Int8,
                    Dims = { 3 },
                    Int32Data = { 1, 2, 3 },
                },
                new TensorProto
                {
                    Name = "text",
                    DataType = (int)TensorProto.Types.DataType.String,
                    Dims = { 2 },
                    StringData = { ByteString.CopyFromUtf8("a"), ByteString.Empty },
                },
                new TensorProto
                {
                    Name = "floats",
                    DataType = (int)TensorProto.Types.DataType.Float,
                    Dims = { 600 },
                    FloatData = { new float[600] },
                },
            },
            SparseInitializer =
            {
                new SparseTensorProto
                {
                    Values = Build.Floats("s", 1),
                    Indices = Tensors.Create<long>("", [1], [0]),
                    Dims = { 4 },
                },
            },
            Node = { Nodes.Create("Relu", ["x"], ["a"]), Build.If("c", "y", branch, Build.Branch("else", Nodes.Create("Neg", ["a"], ["b"]))) },
        };
        var model = Build.Model(graph);
        model.Functions.Add(
            new FunctionProto
            {
                Name = "f",
                Domain = "d",
                Input = { "p" },
                Output = { "q" },
                Node = { Nodes.Create("Relu", ["p"], ["q"], attributes: ("v", Build.Floats("", 300))) },
            }
        );
        model.TrainingInfo.Add(new TrainingInfoProto { Algorithm = new GraphProto { Initializer = { Build.Floats("lr", 1) } } });
        folder.Write("e.bin", new byte[64]);
        return model.ToByteArray();
    }
}
