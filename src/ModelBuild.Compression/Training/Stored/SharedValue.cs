using ModelBuild.Compression.Training.Graphs;
using ModelBuild.Compression.Training.Weights;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Stored;

/// <summary>
/// A float32 tensor in which few values recur, as weight sharing leaves it. Training changes the values: the gradients of all elements that share a value are
/// added. Zero stays zero.
/// </summary>
internal sealed class SharedValue : TrainedValue
{
    // Tensors without shared weights have as many values as elements, up to the chance of equal numbers.
    private const int MaxValues = 256;
    private const int MinRecurrence = 4;

    private readonly int[] _codes;

    private SharedValue(Parameter input, float[] values, int[] codes)
    {
        (Input, _codes) = (input, codes);
        Free = new Parameter(input.Name, [values.Length], values);
    }

    public override Parameter Input { get; }

    public override Parameter Free { get; }

    /// <summary>
    /// Returns the value of a tensor whose elements share values; null for any other tensor. A tensor of one value is the first state of a weight, and no
    /// codebook.
    /// </summary>
    public static SharedValue? Find(Parameter input)
    {
        if (input.Shape.Length < 2)
            return null;
        var places = new Dictionary<float, int>();
        var codes = new int[input.Values.Length];
        for (var i = 0; i < codes.Length; i++)
        {
            if (!places.TryGetValue(input.Values[i], out codes[i]))
                places[input.Values[i]] = codes[i] = places.Count;
            if (places.Count > MaxValues)
                return null;
        }

        return places.Count > 1 && places.Count * MinRecurrence <= codes.Length ? new SharedValue(input, [.. places.Keys], codes) : null;
    }

    public override void Compute()
    {
        for (var i = 0; i < _codes.Length; i++)
            Input.Values[i] = Free.Values[_codes[i]];
    }

    public override void Collect()
    {
        Array.Clear(Free.Gradient);
        for (var i = 0; i < _codes.Length; i++)
            Free.Gradient[_codes[i]] += Input.Gradient[i];
        for (var i = 0; i < Free.Values.Length; i++)
            if (Free.Values[i] == 0)
                Free.Gradient[i] = 0;
    }

    public override IEnumerable<TensorProto> Constants() => [Tensors.Create(Input.Name, Input.Shape, Input.Values.ToArray())];
}
