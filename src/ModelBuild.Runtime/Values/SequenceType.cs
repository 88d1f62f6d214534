using Microsoft.ML.OnnxRuntime;

namespace ModelBuild.Runtime.Values;

/// <summary>Describes the type of a sequence, whose items have one type.</summary>
internal sealed class SequenceType<T>(OnnxType<T> item) : OnnxType<IReadOnlyList<T>>
    where T : class
{
    internal override IReadOnlyList<T> Read(OrtValue? value)
    {
        var items = new T[value!.GetValueCount()];
        for (var i = 0; i < items.Length; i++)
        {
            using var inner = value.GetValue(i, OrtAllocator.DefaultInstance);
            items[i] = item.Read(inner);
        }

        return Array.AsReadOnly(items);
    }

    internal override PreparedValue Prepare(IReadOnlyList<T> value, bool isScalar)
    {
        if (value is null)
            throw new ArgumentException("it is null");
        if (value.Count == 0)
            throw new ArgumentException("it is empty, and ONNX Runtime takes no empty sequences");
        var items = new PreparedValue[value.Count];
        for (var i = 0; i < items.Length; i++)
            items[i] = item.Prepare(value[i], isScalar)!;
        return new PreparedValue(() => Create(items), [.. items.SelectMany(prepared => prepared.Shapes)]);
    }

    internal override IReadOnlyList<T> Slice(object value, int start, int count) => [.. ((IReadOnlyList<T>)value).Skip(start).Take(count)];

    private static OrtValue Create(PreparedValue[] items)
    {
        // The native sequence takes ownership of the item values. When its creation fails, this method disposes them.
        var values = new List<OrtValue>(items.Length);
        try
        {
            foreach (var prepared in items)
                values.Add(prepared.Create());
            return OrtValue.CreateSequence(values);
        }
        catch
        {
            foreach (var value in values)
                value.Dispose();
            throw;
        }
    }
}
