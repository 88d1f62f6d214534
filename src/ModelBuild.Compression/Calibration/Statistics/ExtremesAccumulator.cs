using System.Numerics.Tensors;

namespace ModelBuild.Compression.Calibration.Statistics;

/// <summary>Combines the extremes of one tensor over all calls, in the order of the samples.</summary>
internal sealed class ExtremesAccumulator
{
    // The share of each new call in the moving averages of the extremes. 0.01 is the usual averaging constant of calibrators.
    private const double MovingShare = 0.01;

    private long _calls;
    private float _min = float.PositiveInfinity;
    private float _max = float.NegativeInfinity;
    private double _sumMin;
    private double _sumMax;
    private double _movingMin;
    private double _movingMax;
    private float[]? _channelMin;
    private float[]? _channelMax;
    private bool _hasChannels = true;
    private bool _isFinite = true;

    /// <summary>Adds the extremes of one call.</summary>
    public void Add(CallExtremes call)
    {
        _isFinite &= call.IsFinite;
        // A call without a finite value is skipped, because it has no extremes.
        if (call.Min > call.Max)
            return;
        _min = Math.Min(_min, call.Min);
        _max = Math.Max(_max, call.Max);
        _sumMin += call.Min;
        _sumMax += call.Max;
        _movingMin = _calls == 0 ? call.Min : _movingMin + (MovingShare * (call.Min - _movingMin));
        _movingMax = _calls == 0 ? call.Max : _movingMax + (MovingShare * (call.Max - _movingMax));
        AddChannels(call);
        _calls++;
    }

    /// <summary>Returns the statistics of the tensor over all added calls, without a histogram.</summary>
    public TensorStatistics Result()
    {
        var calls = Math.Max(1, _calls);
        return new TensorStatistics(
            Finite(_min),
            Finite(_max),
            (float)(_sumMin / calls),
            (float)(_sumMax / calls),
            (float)_movingMin,
            (float)_movingMax,
            Histogram: null,
            Finite(_channelMin),
            Finite(_channelMax)
        )
        {
            HasUnfinite = !_isFinite,
        };
    }

    private void AddChannels(CallExtremes call)
    {
        _hasChannels &= call.ChannelMin is not null && (_channelMin is null || _channelMin.Length == call.ChannelMin.Length);
        if (!_hasChannels)
            (_channelMin, _channelMax) = (null, null);
        else if (_channelMin is null)
            (_channelMin, _channelMax) = (call.ChannelMin, call.ChannelMax);
        else
        {
            TensorPrimitives.Min(_channelMin, call.ChannelMin, _channelMin);
            TensorPrimitives.Max(_channelMax, call.ChannelMax, _channelMax);
        }
    }

    private float[]? Finite(float[]? values) => _hasChannels && values is not null ? Array.ConvertAll(values, Finite) : null;

    // Adding zero changes a negative zero to zero, so that calibration files do not depend on the sign of zero.
    private static float Finite(float value) => float.IsFinite(value) ? value + 0f : 0;
}
