using System.Diagnostics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Signatures;
using ModelBuild.Compression.Training;
using ModelBuild.Compression.Training.Data;
using ModelBuild.Compression.Training.Graphs;
using ModelBuild.Compression.Training.Losses;
using ModelBuild.Compression.Work;
using ModelBuild.Onnx;
using ModelBuild.Testing;

namespace ModelBuild.Compression.Tests.Training;

public sealed class TrainProbe
{
    [Fact]
    public void Train()
    {
        var lines = File.ReadAllLines("/tmp/trainprobe.list");
        foreach (var line in lines)
        {
            var p = line.Split(' ');
            var watch = Stopwatch.StartNew();
            var original = OnnxModel.Load(p[0]);
            var student = OnnxModel.Load(p[1]);
            ModelPreparation.Prepare(original);
            ModelPreparation.Prepare(student);
            OpsetUpgrade.Apply(new Graph(student));
            var parameters = student.Proto.Graph.Initializer.Where(t => t.DataType == 1 && t.Dims.Count > 0).Select(t => new Parameter(t.Name, [.. t.Dims], t.ToFloats())).ToArray();
            using var teacher = new Teacher(original, 2);
            using var data = TrainingSet.Open([p[2]], [], SignatureReader.Read(student), 200 << 20, 1, CancellationToken.None);
            var options = new TrainingOptions(Batch: 32, Average: double.Parse(p[6]), Clip: 1);
            var output = student.Proto.Graph.Output[0].Name;
            var outcome = new Trainer(student, parameters, new TeacherLoss(output, 1, float.Parse(p[7])), teacher, data, options).Run(int.Parse(p[4]), double.Parse(p[5]), 2, WorkLog.Silent, CancellationToken.None);
            var graph = new Graph(student);
            foreach (var q in parameters)
                graph.ReplaceConstant(q.Name, Tensors.Create(q.Name, q.Shape, q.Values.ToArray()));
            student.Save(p[3]);
            File.AppendAllText("/tmp/trainprobe.out", $"{line}\n  {watch.Elapsed.TotalSeconds:F1} s {string.Join(" | ", outcome.Curve.Select(c => $"{c.Step}:{c.Loss:F4}/{c.HeldOut:F4}"))} frozen {outcome.Frozen.Count}\n");
        }
    }
}
