using ModelBuild.Runtime.Detections;

namespace ModelBuild.Runtime.Tests.Detections;

/// <summary>The outputs of a detector as a test writes them.</summary>
internal sealed class Outputs
{
    private readonly List<(TensorContract Contract, OutputFloats Floats)> _outputs = [];

    /// <summary>Adds an output of float32.</summary>
    public Outputs Add(string name, long[] shape, params float[] elements) => Add(name, "float32", shape, elements);

    /// <summary>Adds an output of an element type.</summary>
    public Outputs Add(string name, string type, long[] shape, params float[] elements)
    {
        Assert.Equal(shape.Aggregate(1L, (product, size) => product * size), elements.Length);
        var contract = TensorContract.Of(name, type, [.. shape.Select(size => (TensorDimension)size)]);
        _outputs.Add((contract, new OutputFloats(elements, shape)));
        return this;
    }

    /// <summary>Reads the objects of an image of the size that the model takes.</summary>
    public IReadOnlyList<Detection> Read(string boxes, int width, int height, string[]? labels = null, int image = 0, float? threshold = null) =>
        Read(boxes, $"resize({width},{height})", (width, height), (width, height), labels, image, threshold);

    /// <summary>Reads the objects of an image.</summary>
    public IReadOnlyList<Detection> Read(
        string boxes,
        string preparation,
        (int Width, int Height) prepared,
        (int Width, int Height) original,
        string[]? labels = null,
        int image = 0,
        float? threshold = null
    )
    {
        var description = BoxDescriptionParser.Parse(boxes);
        TensorContract[] contracts = [.. _outputs.Select(output => output.Contract)];
        var reader = new DetectionReader(boxes, labels ?? [], contracts);
        var found = BoxOutputs.Find(
            description,
            [.. contracts.Select(contract => new DescribedValue(contract.Name, contract.Type, [.. contract.Shape!.Select(size => (int)size.Size!)]))]
        );
        var outputs = new DetectionOutputs(
            [.. found.Boxes.Select(index => _outputs[index].Floats)],
            [.. found.Scores.Select(index => _outputs[index].Floats)],
            found.Classes < 0 ? null : _outputs[found.Classes].Floats,
            found.Selected < 0 ? null : _outputs[found.Selected].Floats,
            found.Masks < 0 ? null : _outputs[found.Masks].Floats
        );
        var placement = new ImagePreparation(preparation, ImageLayout.Nchw, 3, prepared.Height, prepared.Width).Place(original.Width, original.Height);
        return reader.Read(outputs, image, placement, threshold);
    }
}
