// The checks of trino-go-client.
package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/trinodb/trino-go-client/trino"
)

const million = "SELECT a * 1000 + b AS n, 'row' AS s FROM UNNEST(sequence(0, 999)) t(a) CROSS JOIN UNNEST(sequence(0, 999)) u(b)"
const endless = "SELECT count(*) FROM UNNEST(sequence(1, 10000)) a(x) CROSS JOIN UNNEST(sequence(1, 10000)) b(y) " +
	"CROSS JOIN UNNEST(sequence(1, 10000)) c(z) WHERE x * y % 7 = z % 5"

func check(name string, work func() error) {
	if err := work(); err != nil {
		fmt.Printf("FAIL %s: %s\n", name, strings.SplitN(err.Error(), "\n", 2)[0])
		return
	}
	fmt.Printf("PASS %s\n", name)
}

func equal(got, wanted any) error {
	if fmt.Sprint(got) != fmt.Sprint(wanted) {
		return fmt.Errorf("got %v, wanted %v", got, wanted)
	}
	return nil
}

func open() (*sql.DB, error) {
	query := url.Values{"catalog": {"tpch"}, "schema": {"tiny"}, "extra_credentials": {"peakaKey:" + os.Getenv("TARN_KEY")}}
	return sql.Open("trino", "http://tester@127.0.0.1:"+os.Getenv("TARN_PORT")+"?"+query.Encode())
}

func countMillion(db *sql.DB, arguments ...any) error {
	rows, err := db.Query(million, arguments...)
	if err != nil {
		return err
	}
	defer rows.Close()
	var count, sum int64
	for rows.Next() {
		var n int64
		var s string
		if err := rows.Scan(&n, &s); err != nil {
			return err
		}
		count++
		sum += n
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return equal([]int64{count, sum}, []int64{1000000, 499999500000})
}

func main() {
	db, err := open()
	if err != nil {
		fmt.Printf("FAIL open: %s\n", err)
		return
	}
	check("connect", func() error {
		if err := db.Ping(); err != nil {
			return err
		}
		var one int
		if err := db.QueryRow("SELECT 1").Scan(&one); err != nil {
			return err
		}
		return equal(one, 1)
	})
	check("metadata", func() error {
		rows, err := db.Query("SHOW CATALOGS")
		if err != nil {
			return err
		}
		defer rows.Close()
		names := map[string]bool{}
		for rows.Next() {
			var name string
			if err := rows.Scan(&name); err != nil {
				return err
			}
			names[name] = true
		}
		return equal(names["tpch"], true)
	})
	check("column types", func() error {
		rows, err := db.Query("SELECT CAST('x' AS varchar(7)) AS a, DECIMAL '1.50' AS b, BIGINT '1' AS c")
		if err != nil {
			return err
		}
		defer rows.Close()
		types, err := rows.ColumnTypes()
		if err != nil {
			return err
		}
		length, _ := types[0].Length()
		precision, scale, _ := types[1].DecimalSize()
		return equal([]any{types[0].Name(), length, precision, scale, types[2].DatabaseTypeName()}, []any{"a", 7, 3, 2, "BIGINT"})
	})
	check("all types", func() error {
		var truth bool
		var tiny, whole int64
		var real, double, nan float64
		var decimal, text, padded, json string
		var bytes []byte
		var day, moment, zoned time.Time
		var array trino.NullSlice[int64]
		var mapping trino.NullMap[string, int64]
		var null sql.NullString
		err := db.QueryRow(`SELECT true, TINYINT '-5', BIGINT '9007199254740993', REAL '1.5', 2.5e0, nan(), DECIMAL '12.50', 'text',
			CAST('ab' AS char(4)), JSON '{"a": 1}', X'4142', DATE '2020-02-29', TIMESTAMP '2020-02-29 01:02:03.123456',
			TIMESTAMP '2020-02-29 01:02:03.123 Europe/Istanbul', ARRAY[1, 2], MAP(ARRAY['a'], ARRAY[1]), CAST(NULL AS varchar)`).Scan(
			&truth, &tiny, &whole, &real, &double, &nan, &decimal, &text, &padded, &json, &bytes, &day, &moment, &zoned, &array, &mapping, &null)
		if err != nil {
			return err
		}
		return equal(
			[]any{truth, tiny, whole, real, double, math.IsNaN(nan), decimal, text, padded, json, string(bytes), day.Format("2006-01-02"),
				moment.Format("2006-01-02 15:04:05.000000"), zoned.Format(time.RFC3339), array.Slice[1], mapping.Map["a"], null.Valid},
			[]any{true, -5, int64(9007199254740993), 1.5, 2.5, true, "12.50", "text", "ab  ", `{"a":1}`, "AB", "2020-02-29",
				"2020-02-29 01:02:03.123456", "2020-02-29T01:02:03+03:00", 2, 1, false})
	})
	check("parameters", func() error {
		var name string
		if err := db.QueryRow("SELECT name FROM nation WHERE nationkey = ? AND name LIKE ?", 3, "C%").Scan(&name); err != nil {
			return err
		}
		return equal(name, "CANADA")
	})
	check("error with its position", func() error {
		_, err := db.Query("SELECT nosuch FROM nation")
		var failed *trino.ErrTrino
		if !errors.As(err, &failed) {
			return fmt.Errorf("no error of Trino's: %v", err)
		}
		return equal([]any{failed.ErrorName, failed.ErrorLocation.LineNumber, failed.ErrorLocation.ColumnNumber}, []any{"COLUMN_NOT_FOUND", 1, 8})
	})
	check("cancel", func() error {
		ctx, cancel := context.WithTimeout(context.Background(), 500*time.Millisecond)
		defer cancel()
		started := time.Now()
		var count int64
		err := db.QueryRowContext(ctx, endless).Scan(&count)
		if err == nil {
			return errors.New("it was not cancelled")
		}
		return equal(time.Since(started) < 10*time.Second, true)
	})
	check("a million rows", func() error { return countMillion(db) })
	for _, encoding := range []string{"json", "json+zstd", "json+lz4"} {
		check("a million rows in segments of "+encoding, func() error { return countMillion(db, sql.Named("encoding", encoding)) })
	}
}
