using System.Buffers;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ModelBuild.Runtime.Pictures;

/// <summary>
/// Computes the prepared image row by row. Source rows that the next row of the result needs are resized to its width and kept in a ring, so that a source row
/// is read once, and rows without effect are not read.
/// </summary>
/// <param name="plan">The plan for images of this size.</param>
/// <param name="description">The description of the input.</param>
/// <param name="layout">The layout of the tensor.</param>
internal readonly struct ImageResampler(ImagePlan plan, ImageDescription description, ImageLayout layout)
{
    /// <summary>Writes the prepared image into a tensor.</summary>
    public void Run<T>(in ImageView image, Span<T> tensor)
        where T : unmanaged
    {
        var rowLength = plan.RowLength;
        // The buffer has two rows of floats, or two rows of bytes with the slack of each.
        var pairs = ((plan.Columns.End - plan.Columns.First) * PixelPairs.Length) + PixelColumns.Slack;
        // Two rows are resized at a time, so the ring has room for one row more than a window has.
        var ring = checked((plan.Rows.Taps + 1) * rowLength);
        var row = plan.Frame.Prepared.Width * description.Channels;
        var rented = ArrayPool<float>.Shared.Rent(checked(pairs + ring + rowLength + row));
        try
        {
            var memory = rented.AsSpan();
            var target = new TensorTarget<T>(tensor, layout, description.Channels, plan.Frame.Prepared, memory.Slice(pairs + ring + rowLength, row));
            WritePadding(target);
            WriteImage(image, target, memory[..pairs], memory.Slice(pairs, ring), memory.Slice(pairs + ring, rowLength));
        }
        finally
        {
            ArrayPool<float>.Shared.Return(rented);
        }
    }

    private void WriteImage<T>(in ImageView image, TensorTarget<T> target, Span<float> pairs, Span<float> ring, Span<float> row)
        where T : unmanaged
    {
        var (rows, rowLength) = (plan.Rows, plan.RowLength);
        var (factors, offsets) = (Channels(values => values.Factor), Channels(values => values.Offset));
        var next = 0;
        for (var y = 0; y < rows.Count; y++)
        {
            var end = rows.Starts[y] + rows.Taps;
            next = Math.Max(next, rows.Starts[y]);
            while (next < end)
            {
                // Two source rows are resized at a time. The second one is the next row if this output row or the following one needs it; otherwise the first
                // row is used twice.
                var isPair = next + 1 < end || (y + 1 < rows.Count && rows.Starts[y + 1] <= next + 1 && next + 1 < rows.Starts[y + 1] + rows.Taps);
                var last = isPair ? next + 1 : next;
                ResizeColumns(image, next, last, pairs, Slot(ring, next), Slot(ring, last));
                next = last + 1;
            }

            RowFilters.ResizeRows(
                ring,
                rowLength,
                rows.Starts[y] % (rows.Taps + 1),
                rows.Weights.AsSpan(y * rows.WeightStep, rows.Taps),
                !image.IsFloat,
                factors,
                offsets,
                row
            );
            target.Write(row, plan.FirstColumn, plan.FirstRow + y, plan.Columns.Count);
        }
    }

    private void ResizeColumns(in ImageView image, int upper, int lower, Span<float> pairs, Span<float> resizedUpper, Span<float> resizedLower)
    {
        var columns = plan.Columns;
        var isRounded = plan.IsAveraging && !image.IsFloat;
        if (image.IsFloat || (description.Order == ChannelOrder.Gray && image.Format != PixelFormat.Gray))
        {
            PixelPairs.Load(Pixels(image, upper), Pixels(image, lower), image.Format, description.Order, pairs);
            RowFilters.ResizeColumns(pairs, columns, resizedUpper, resizedLower, isRounded);
            return;
        }

        var scratch = MemoryMarshal.AsBytes(pairs);
        PixelColumns.Resize(
            PixelsWithSlack(image, upper, scratch[..(scratch.Length / 2)]),
            PixelsWithSlack(image, lower, scratch[(scratch.Length / 2)..]),
            image.Format,
            description.Order,
            columns,
            resizedUpper,
            resizedLower,
            isRounded
        );
    }

    private ReadOnlySpan<byte> Pixels(in ImageView image, int row)
    {
        var bytes = ImageView.BytesPerPixel(image.Format);
        return image.Row(row).Slice(plan.Columns.First * bytes, (plan.Columns.End - plan.Columns.First) * bytes);
    }

    // Returns the pixels of a row with readable bytes after them. These bytes are other pixels of the image, except at the end of the image, where the row is
    // copied.
    private ReadOnlySpan<byte> PixelsWithSlack(in ImageView image, int row, Span<byte> scratch)
    {
        var bytes = ImageView.BytesPerPixel(image.Format);
        var all = image.Pixels[((row * image.Stride) + (plan.Columns.First * bytes))..];
        var length = (plan.Columns.End - plan.Columns.First) * bytes;
        if (all.Length >= length + PixelColumns.Slack)
            return all[..(length + PixelColumns.Slack)];
        all[..length].CopyTo(scratch);
        return scratch[..(length + PixelColumns.Slack)];
    }

    private void WritePadding<T>(TensorTarget<T> target)
        where T : unmanaged
    {
        var prepared = plan.Frame.Prepared;
        var (right, bottom) = (plan.FirstColumn + plan.Columns.Count, plan.FirstRow + plan.Rows.Count);
        if (plan.Columns.Count == prepared.Width && plan.Rows.Count == prepared.Height)
            return;
        Span<float> pixel = stackalloc float[description.Channels];
        for (var channel = 0; channel < pixel.Length; channel++)
            pixel[channel] = (float)(((description.Resize?.Padding ?? 0) * description.Values[channel].Factor) + description.Values[channel].Offset);
        for (var y = 0; y < prepared.Height; y++)
            if (y < plan.FirstRow || y >= bottom)
            {
                target.Fill(pixel, 0, y, prepared.Width);
            }
            else
            {
                target.Fill(pixel, 0, y, plan.FirstColumn);
                target.Fill(pixel, right, y, prepared.Width - right);
            }
    }

    private Span<float> Slot(Span<float> ring, int row) => ring.Slice(row % (plan.Rows.Taps + 1) * plan.RowLength, plan.RowLength);

    private Vector128<float> Channels(Func<ChannelValues, double> value)
    {
        var values = description.Values;
        return values.Count == 1
            ? Vector128.Create((float)value(values[0]))
            : Vector128.Create((float)value(values[0]), (float)value(values[1]), (float)value(values[2]), 0);
    }
}
