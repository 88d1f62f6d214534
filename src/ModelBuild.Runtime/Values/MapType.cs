using Microsoft.ML.OnnxRuntime;

namespace ModelBuild.Runtime.Values;

/// <summary>Describes the type of a map. ONNX Runtime represents a map as a tensor of keys and a tensor of values.</summary>
internal sealed class MapType<TKey, TValue>(string key, string value) : OnnxType<IReadOnlyDictionary<TKey, TValue>>
    where TKey : notnull
{
    private readonly TensorContract _keys = TensorContract.OfUnknownRank("", key);
    private readonly TensorContract _values = TensorContract.OfUnknownRank("", value);

    internal override IReadOnlyDictionary<TKey, TValue> Read(OrtValue? value)
    {
        var (keys, values) = (Read<TKey>(value!, 0), Read<TValue>(value!, 1));
        var map = new Dictionary<TKey, TValue>(keys.Length);
        for (var i = 0; i < keys.Length; i++)
            map[keys[i]] = values[i];
        return map.AsReadOnly();
    }

    internal override PreparedValue Prepare(IReadOnlyDictionary<TKey, TValue> value, bool isScalar)
    {
        if (value is null)
            throw new ArgumentException("it is null");
        var (keys, values) = (Write([.. value.Keys], _keys), Write([.. value.Values], _values));
        return new PreparedValue(() => Create(keys, values), []);
    }

    private static OrtValue Create(TensorBuffer keys, TensorBuffer values)
    {
        // The native map takes ownership of the values of its keys and of its values.
        OrtValue? nativeKeys = NewValue(keys),
            nativeValues = NewValue(values);
        return OrtValue.CreateMap(ref nativeKeys, ref nativeValues);
    }

    private static OrtValue NewValue(TensorBuffer buffer)
    {
        var value = buffer.CreateValue([buffer.Length]);
        buffer.Flush(value);
        return value;
    }

    private static T[] Read<T>(OrtValue map, int part)
    {
        using var inner = map.GetValue(part, OrtAllocator.DefaultInstance);
        return Elements.Read<T>(inner);
    }

    private static TensorBuffer<T> Write<T>(T[] items, TensorContract contract)
    {
        var buffer = (TensorBuffer<T>)ElementTypes.CreateBuffer(contract);
        buffer.SetLength(items.Length);
        items.CopyTo(buffer.Span);
        return buffer;
    }
}
