using System.Diagnostics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Training.Graphs;
using ModelBuild.Compression.Training.Losses;
using ModelBuild.Onnx;
using ModelBuild.Testing;

namespace ModelBuild.Compression.Tests.Training;

public sealed class SpeedProbe
{
    [Theory]
    [InlineData("litenet/litenet-conv.onnx")]
    [InlineData("litenet/fashion-resnet.onnx")]
    [InlineData("litenet/fashion-mobilenet.onnx")]
    public void Probe(string file)
    {
        var model = OnnxModel.Load(Corpus.Path(file));
        ModelPreparation.Prepare(model);
        var graph = new Graph(model);
        OpsetUpgrade.Apply(graph);
        var parameters = model.Proto.Graph.Initializer.Where(t => t.DataType == 1).Select(t => new Parameter(t.Name, [.. t.Dims], t.ToFloats())).ToArray();
        var inputs = new Dictionary<string, long[]> { [model.Proto.Graph.Input[0].Name] = [32, 1, 28, 28] };
        var training = TrainingGraph.Build(model, inputs, parameters, new TeacherLoss(model.Proto.Graph.Output[0].Name, 1, 4));
        training.Model.Save("/tmp/w_train_" + Path.GetFileName(file));
        File.AppendAllText(
            "/tmp/probe.txt",
            "\n"
                + $"{file}: {training.Parameters.Count} of {parameters.Length}; stopped {string.Join("; ", training.Stopped.Select(s => s.Node.OpType + " " + s.Reason))}"
        );
        using var session = new TrainingSession(training, 2);
        System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(session.Batch(model.Proto.Graph.Input[0].Name).Span).Fill(0.5f);
        var r = new Random(1);
        foreach (ref var f in System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(session.Batch(model.Proto.Graph.Input[0].Name).Span))
            f = (float)r.NextDouble();
        var times = new List<double>();
        for (var i = 0; i < 100; i++)
        {
            var watch = Stopwatch.StartNew();
            session.Run();
            times.Add(watch.Elapsed.TotalMilliseconds);
        }
        times.Sort();
        File.AppendAllText("/tmp/probe.txt", "\n" + $"{file}: {times[50]:F2} ms median, {times[0]:F2} min; loss {session.Run()[0]}");
    }
}
