using ModelBuild.Compression.Training.Buffers;
using ModelBuild.Compression.Training.Stored;
using ModelBuild.Compression.Training.Weights;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Reconstruction;

/// <summary>
/// Codes that are real numbers while they are trained, until they are rounded one after another. Those nearest to an integer are rounded first, so that the
/// others compensate for the error (the order of INQ: Zhou et al., "Incremental network quantization", 2017). A code stays within one step of its first value.
/// </summary>
internal sealed class SoftCodes : TrainedValue
{
    private readonly CodedValue _codes;
    private readonly float[] _first;
    private readonly bool[] _isRounded;
    private int _rounded;

    /// <param name="codes">The codes.</param>
    public SoftCodes(CodedValue codes)
    {
        (_codes, _first) = (codes, codes.Input.Values.ToArray());
        _isRounded = new bool[_first.Length];
        Free = new Parameter(codes.Input.Name, codes.Input.Shape, _first);
    }

    public override Parameter Input => _codes.Input;

    public override Parameter Free { get; }

    /// <summary>Rounds the codes that are nearest to an integer, until a share of all codes is rounded. Rounded codes do not change any more.</summary>
    /// <param name="share">The share, from 0 to 1.</param>
    public void Round(double share)
    {
        var wanted = (int)Math.Ceiling(share * _first.Length) - _rounded;
        if (wanted <= 0)
            return;
        int[] open = [.. Enumerable.Range(0, _first.Length).Where(i => !_isRounded[i])];
        var distances = Array.ConvertAll(open, i => Math.Abs(Free.Values[i] - MathF.Round(Free.Values[i])));
        Array.Sort(distances, open);
        foreach (var i in open.AsSpan(0, wanted))
        {
            _isRounded[i] = true;
            Free.Values[i] = MathF.Round(Free.Values[i]);
        }

        _rounded += wanted;
    }

    public override void Compute()
    {
        var (least, largest) = _codes.Range;
        for (var i = 0; i < _first.Length; i++)
            if (_isRounded[i])
                // A code that was rounded before is rounded again, because the momentum of the optimizer may have changed it.
                Free.Values[i] = MathF.Round(Free.Values[i]);
            else
                Free.Values[i] = Math.Clamp(Free.Values[i], Math.Max(least, _first[i] - 1), Math.Min(largest, _first[i] + 1));
        _codes.Zeros.Clear(Free.Values);
        Free.Values.CopyTo(Input.Values, 0);
    }

    public override void Collect()
    {
        Input.Gradient.CopyTo(Free.Gradient, 0);
        for (var i = 0; i < _first.Length; i++)
            if (_isRounded[i])
                Free.Gradient[i] = 0;
        _codes.Zeros.Clear(Free.Gradient);
    }

    /// <summary>Copies the codes to the value that the model stores. All codes must be rounded.</summary>
    public void Keep()
    {
        for (var i = 0; i < _first.Length; i++)
            _codes.Free.Values[i] = Free.Values[i] * _codes.Unit;
        _codes.Compute();
    }

    public override IEnumerable<TensorProto> Constants() => _codes.Constants();
}
