using Google.Protobuf;

namespace ModelBuild.Onnx.Tests;

/// <summary>Models of any size, written without this library.</summary>
internal static class LargeModels
{
    /// <param name="path">Where to.</param>
    /// <param name="bytes">Bytes of weights.</param>
    /// <param name="tensors">How many weights.</param>
    /// <param name="kind"><c>float</c> puts the numbers into <c>float_data</c>, <c>external</c> into a file beside, others into <c>raw_data</c>.</param>
    public static void Write(string path, long bytes, int tensors, string kind)
    {
        var elements = bytes / 4 / tensors;
        var model = Build.Model(
            new GraphProto
            {
                Name = "large",
                Node = { Nodes.Create("Relu", ["x"], ["y"]) },
                Input = { Build.Info("x", 1) },
                Output = { Build.Info("y", 1) },
            }
        );
        for (var i = 0; i < tensors; i++)
        {
            var values = new float[elements];
            for (var j = 0; j < values.Length; j++)
                values[j] = (j % 1000) + i;
            var tensor = Tensors.Create<float>($"w{i}", [elements], values);
            if (kind == "float")
            {
                tensor.ClearRawData();
                tensor.FloatData.AddRange(values);
            }

            model.Graph.Initializer.Add(tensor);
        }

        if (kind == "external")
        {
            new OnnxModel(model).Save(path, new OnnxSaveOptions { ExternalDataThreshold = 0 });
            return;
        }

        using var stream = File.Create(path);
        model.WriteTo(stream);
    }
}
