using System.ComponentModel;
using ModelBuild.Runtime.Maps;
using ModelBuild.Runtime.Values;

namespace ModelBuild.Runtime;

/// <summary>
/// Reads the output of a model that is a map of an image: the class of each pixel, a number for each pixel, or an image. A description of one line states the
/// form of the output. Generated code uses this class.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class MapReader
{
    private readonly MapDescription _description;
    private readonly MapOutput _output;
    private readonly ImagePreparation _preparation;
    private readonly IReadOnlyList<string> _labels;

    /// <summary>Initializes a new instance of the <see cref="MapReader"/> class.</summary>
    /// <param name="description">The description, such as <c>classes</c> or <c>image rgb scale(255)</c>.</param>
    /// <param name="labels">The names of the classes; empty if the model has none.</param>
    /// <param name="outputs">The outputs of the model.</param>
    /// <param name="preparation">The preparation of the images that the model takes.</param>
    /// <exception cref="FormatException">The description has a mistake, or it does not fit the outputs.</exception>
    public MapReader(string description, IReadOnlyList<string> labels, IReadOnlyList<TensorContract> outputs, ImagePreparation preparation)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(outputs);
        ArgumentNullException.ThrowIfNull(preparation);
        _description = MapDescriptionParser.Parse(description);
        _labels = labels;
        _preparation = preparation;
        _output = MapOutput.Find(_description, [.. outputs.Select(output => output.Described)], labels.Count, preparation.Layout == ImageLayout.Nhwc);
    }

    /// <summary>Reads the classes of the pixels of one image.</summary>
    /// <param name="result">The outputs of the call.</param>
    /// <param name="index">The zero-based index of the image in the call.</param>
    /// <param name="image">The image.</param>
    /// <returns>The map in the size of the image.</returns>
    /// <exception cref="InvalidOperationException">The output has another shape than the description needs.</exception>
    public ClassMap ReadClasses(ModelResult result, int index, ImageView image) => ReadClasses(result.Buffer(_output.Index), index, image);

    /// <summary>Reads the values of the pixels of one image.</summary>
    /// <param name="result">The outputs of the call.</param>
    /// <param name="index">The zero-based index of the image in the call.</param>
    /// <param name="image">The image.</param>
    /// <returns>The map in the size of the image.</returns>
    /// <exception cref="InvalidOperationException">The output has another shape than the description needs.</exception>
    public ValueMap ReadValues(ModelResult result, int index, ImageView image) => ReadValues(result.Buffer(_output.Index), index, image);

    /// <summary>Reads the image that the model made of one image.</summary>
    /// <param name="result">The outputs of the call.</param>
    /// <param name="index">The zero-based index of the image in the call.</param>
    /// <param name="image">The image.</param>
    /// <returns>The image that the model made, over an array of its own.</returns>
    /// <exception cref="InvalidOperationException">The output has another shape than the description needs.</exception>
    public ImageView ReadImage(ModelResult result, int index, ImageView image) => ReadImage(result.Buffer(_output.Index), index, image);

    /// <summary>Reads the class of each pixel of one image from an output.</summary>
    internal ClassMap ReadClasses(TensorBuffer output, int index, in ImageView image) =>
        new ClassReader(_description, _labels).Read(Tensor(output, index), Described(output).HasFractions, Place(image));

    /// <summary>Reads the value of each pixel of one image from an output.</summary>
    internal ValueMap ReadValues(TensorBuffer output, int index, in ImageView image) => new ValueReader(_description).Read(Tensor(output, index), Place(image));

    /// <summary>Reads the image that the model made from an output.</summary>
    internal ImageView ReadImage(TensorBuffer output, int index, in ImageView image) =>
        new PictureReader(_description).Read(Tensor(output, index), image, Place(image));

    private ImagePlacement Place(in ImageView image) => _preparation.Place(image.Width, image.Height);

    private MapTensor Tensor(TensorBuffer output, int index)
    {
        var described = Described(output);
        var axes = _output.Axes;
        // A model may declare no shape, and its outputs may have another number of dimensions than it declares, so the axes are found from the shape of the
        // output.
        if (axes is null && described.Rank is >= MapAxes.MinRank and <= MapAxes.MaxRank)
            axes = MapAxes.Find(_description, described, _labels.Count, _preparation.Layout == ImageLayout.Nhwc);
        var problem =
            axes is null || axes.Rank != described.Rank ? $"the model has {described}." : MapOutput.Problem(_description, described, axes, _labels.Count);
        return problem is null
            ? MapTensor.Read(output, axes!, index)
            : throw new InvalidOperationException($"The output does not fit the description of a map: {problem}");
    }

    private static DescribedValue Described(TensorBuffer output) =>
        new(output.Contract.Name, output.Contract.Type, [.. output.Shape.Select(size => (int)size)]);
}
